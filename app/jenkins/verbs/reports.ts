import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { repository } from './repository.ts'

const image = z.object({
  name: z.string(),
  /** Where it is on this machine. */
  tag: z.string(),
  commit: z.string(),
  /** The engine's own id, which a tag that moves cannot fake. */
  id: z.string().startsWith('sha256:'),
  /** Environment → repository@digest: what a release pulls. */
  published: z.record(z.string(), z.string()),
})

export type Image = z.output<typeof image>

/** REPORTS leads elsewhere, for tests that must not touch what a build has left. */
export const reportPath = (name: string) =>
  join(process.env.REPORTS || join(repository, 'reports'), name)

export const writeReport = async (name: string, content: unknown) => {
  const path = reportPath(name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`)
  return path
}

export const readImages = async (): Promise<Image[]> => {
  const path = reportPath('images.json')
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`There is no ${path}: run npm run images first.`)
  })
  return z.array(image).parse(JSON.parse(text))
}
