import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const BYTES_MIN = 1000
const compressible = /\.(html|css|js|mjs|json|map|svg|txt|webmanifest|xml)$/

/** Writes .gz and .br beside each file of a built site that gains by it, once and as small as can be. */
export const compress = async (root: string) => {
  for (const name of await readdir(root, { recursive: true })) {
    if (!compressible.test(name)) continue
    const content = await readFile(join(root, name))
    if (content.length < BYTES_MIN) continue
    await writeFile(join(root, `${name}.gz`), await promisify(gzip)(content, { level: 9 }))
    await writeFile(join(root, `${name}.br`), await toBrotli(content))
  }
}

const toBrotli = (content: Buffer) =>
  promisify(brotliCompress)(content, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  })

if (import.meta.main) await compress(process.argv[2] ?? 'dist')
