import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export type Build = {
  version: string
  commit: string
  image: string
  id: string
  /** The image that holds its site; undefined when its site is not known. */
  site?: string
}

/** A line of releases.jsonl. */
export type Entry = Build & {
  at: string
  environment: string
  /** `expanded`: its migrations have been, or may have; whatever became of the release. */
  result: 'live' | 'taken back' | 'not taken back' | 'rolled back' | 'expanded'
  previous: string
  by: string
  seconds: number
  /** With figures, where there are some. */
  why: string
}

const fileIn = (folder: string) => join(folder, 'releases.jsonl')

export const remember = async (folder: string, entry: Entry) => {
  await mkdir(folder, { recursive: true })
  await appendFile(fileIn(folder), `${JSON.stringify(entry)}\n`)
}

export const historyOf = async (folder: string): Promise<Entry[]> => {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry)
}

/**
 * What served before the build that serves now. Going back twice goes back two: what was left by going
 * back is not returned to.
 */
export const previousOf = (history: Entry[], nowId: string): Build | undefined => {
  const served: Build[] = []
  for (const entry of history) {
    const { version, commit, image, id, site } = entry
    const build = { version, commit, image, id, ...(site && { site }) }
    // What could not be taken back was served only if it still is.
    const isServed = entry.result === 'not taken back' && id === nowId
    if (entry.result === 'live' || isServed) served.push(build)
    if (entry.result === 'rolled back')
      while (served.length > 1 && served.at(-1)!.id !== id) served.pop()
  }
  while (served.length > 0 && served.at(-1)!.id !== nowId) served.pop()
  while (served.at(-1)?.id === nowId) served.pop()
  return served.at(-1)
}
