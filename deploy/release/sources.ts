import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Needs } from './needs.ts'

export type Source = { path: string; text: string }

const isWanted = (path: string) =>
  (path.endsWith('.ts') && !path.endsWith('.test.ts')) || /migrations\/.*\.sql$/.test(path)

/** The code and the migrations of an image, as they are in it. Nothing of it runs: that would be felt. */
export const sourcesIn = async (
  { docker }: Pick<Needs, 'docker'>,
  imageId: string,
): Promise<Source[]> => {
  const box = (await docker.docker(['create', imageId])).trim()
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-sources-'))
  try {
    await docker.docker(['cp', `${box}:/aeroflash/app/backend`, folder])
    const inside = join(folder, 'backend')
    const paths = (await readdir(inside, { recursive: true })).filter(isWanted)
    return await Promise.all(
      paths.map(async (path) => ({ path, text: await readFile(join(inside, path), 'utf8') })),
    )
  } finally {
    await docker.docker(['rm', box])
    await rm(folder, { recursive: true, force: true })
  }
}
