import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Sample } from './asking.ts'

export type Line = { at: number; text: string }

export type Run = {
  code: number | null
  lines: Line[]
  /** All of it, as an engineer reads it. */
  output: string
  startedAt: number
  /** When it was decided and everything was as it stays; keeping warm comes after. */
  doneAt: number
  pid: number
}

type Verb = 'deploy' | 'rollback'

/** Runs a verb as an engineer does, and notes when it says what, in ms of performance.now(). */
export const runVerb = (
  settingsFile: string,
  stateFolder: string,
  verb: Verb,
  ...words: string[]
) => {
  const program = fileURLToPath(new URL(`../${verb}.ts`, import.meta.url))
  const startedAt = performance.now()
  const child = spawn(process.execPath, [program, 'local', ...words], {
    env: { ...process.env, SETTINGS_FILE: settingsFile, RELEASES_FOLDER: stateFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Line[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (text) => lines.push({ at: performance.now(), text }))
  const ended = async (): Promise<Run> => {
    if (child.exitCode === null) await once(child, 'close')
    const done = lines.find(({ text }) => text.includes(' is live. ')) ?? lines.at(-1)
    const output = lines.map(({ text }) => text).join('\n')
    const pid = child.pid!
    return { code: child.exitCode, lines, output, startedAt, doneAt: done?.at ?? startedAt, pid }
  }
  return { child, lines, ended: ended() }
}

/** From when more than a slice was given away to the last request that the old version had. */
export const switchIn = ({ lines }: Pick<Run, 'lines'>) => {
  const begun = lines.find(({ text }) => / s {2}half of all clients to /.test(text))
  const drained = lines.find(({ text }) => / s {2}drain /.test(text))
  if (!begun || !drained) throw new Error('no switch in what was printed')
  return { from: begun.at - secondsSaid(begun.text) * 1000, to: drained.at }
}

const secondsSaid = (text: string) => Number(/^\s*([\d.]+) s/.exec(text)?.[1] ?? 0)

export const within = (samples: Sample[], from: number, to: number) =>
  samples.filter(({ at }) => at >= from && at <= to)

export const failuresOf = (samples: Sample[]) => {
  const counts = new Map<string, number>()
  for (const { failure } of samples)
    if (failure !== undefined) counts.set(failure, (counts.get(failure) ?? 0) + 1)
  return [...counts].map(([failure, count]) => `${count} x ${failure}`)
}

export const percentileOf = (samples: Sample[], share: number) => {
  const sorted = samples.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}
