import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { compress } from '../nginx/compress.ts'

const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url))

/** The site as the image has it, in a folder of its own. */
export const buildSite = async ({ manifest = false } = {}) => {
  const root = await mkdtemp(join(tmpdir(), 'aeroflash-built-'))
  await build({ configFile, logLevel: 'error', build: { outDir: root, manifest } })
  await compress(root)
  return { root, remove: () => rm(root, { recursive: true, force: true }) }
}
