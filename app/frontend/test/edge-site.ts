import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compress } from '../nginx/compress.ts'

export const script = `export const words = ${JSON.stringify('vuelo '.repeat(500))}\n`

/** A small site as `vite build` would leave it, compressed as the image compresses it. */
export const makeSite = async (more: Record<string, string> = {}) => {
  const root = await mkdtemp(join(tmpdir(), 'aeroflash-site-'))
  const content = {
    'index.html': `<!doctype html><title>AeroFlash</title>${'<p>Hola</p>'.repeat(200)}\n`,
    'robots.txt': 'User-agent: *\n',
    'site.webmanifest': '{}',
    'assets/main-4f2a9c1b.js': script,
    'assets/icon-0a1b2c3d.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    ...more,
  }
  for (const [name, text] of Object.entries(content)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
  await compress(root)
  return { root, remove: () => rm(root, { recursive: true, force: true }) }
}
