import { gzipSync } from 'node:zlib'
import type { Parcel } from './delivery.ts'

/** As pino-loki makes them: a stream for each line, with all that was to be said besides it. */
export type Pushed = { stream: Record<string, string>; values: [time: string, line: string][] }

type Entry = [time: string, line: string, metadata: Record<string, string>]

const labels = ['service_name', 'env', 'level']

type Settings = {
  instance: string
  /** Of lines in one parcel; Loki refuses what is too large at once. */
  charactersMax: number
}

/**
 * Packs lines for Loki: one stream for each set of labels, of which there are as many as levels. What
 * is not a label goes with its line as structured metadata, by which it can be found all the same.
 */
export const createPacker = ({ instance, charactersMax }: Settings) => {
  const timeOf = createTimes()

  return (pushed: Pushed[]): Parcel[] =>
    inBounds(pushed, charactersMax).map((lines) => {
      const streams = new Map<string, { stream: Record<string, string>; values: Entry[] }>()
      for (const { stream, values } of lines) {
        const key = stream['level'] ?? ''
        const known = streams.get(key) ?? { stream: only(stream, isLabel), values: [] }
        streams.set(key, known)
        const metadata = { instance, ...only(stream, (name) => !isLabel(name)) }
        for (const [time, line] of values) known.values.push([timeOf(time), line, metadata])
      }
      return {
        body: gzipSync(JSON.stringify({ streams: [...streams.values()] }), { level: 1 }),
        lines: lines.length,
      }
    })
}

const isLabel = (name: string) => labels.includes(name)

const only = (stream: Record<string, string>, isWanted: (name: string) => boolean) =>
  Object.fromEntries(Object.entries(stream).filter(([name]) => isWanted(name)))

/**
 * Loki takes two equal lines of one time for the same line sent twice. Ours are equal when only their
 * metadata differs; so each gets nanoseconds of its own, which also keep their order.
 */
const createTimes = () => {
  let count = Math.floor(Math.random() * 1_000_000)
  return (time: string) => {
    count = (count + 1) % 1_000_000
    return time.slice(0, -6) + String(count).padStart(6, '0')
  }
}

const inBounds = (pushed: Pushed[], charactersMax: number): Pushed[][] => {
  const parts: Pushed[][] = []
  let characters = Infinity
  for (const one of pushed) {
    characters += one.values[0]?.[1].length ?? 0
    if (characters > charactersMax) {
      parts.push([])
      characters = one.values[0]?.[1].length ?? 0
    }
    parts.at(-1)!.push(one)
  }
  return parts
}
