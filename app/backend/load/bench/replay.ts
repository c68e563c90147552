import { isDeepStrictEqual } from 'node:util'
import type { Pool, PoolClient } from 'pg'
import type { Row, Step } from './recording.ts'

/** Values that differ from request to request, by name: ids, keys, dates. */
export type Slots = Record<string, unknown>

export type Recording = {
  steps: Step[]
  /** What the request brought along, as it was in the recording. */
  given: Slots
  /** What a statement's rows bring for those after it. */
  learn: Record<string, (rows: Row[]) => Slots>
}

type Fill = (slots: Slots) => unknown
type Prepared =
  | { does: 'begin' | 'commit' }
  | { does: 'query'; name: string; text: string; values: Fill[] }

/**
 * Sends the statements of a recording straight through `pg`: the same names, texts, transactions and
 * order, with the values of this request in place of the recorded ones, and nothing else of ours: no
 * HTTP, no validation, no rules, no metrics, no logs. All that can be worked out ahead is.
 */
export const createReplay = ({ steps, given, learn }: Recording) => {
  const recorded: Slots = { ...given }
  const prepared = steps.map((step): Prepared => {
    if (step.does !== 'query') return step
    const { name, text, values } = step.statement
    const fills = values.map((value) => fillOf(value, Object.entries(recorded)))
    Object.assign(recorded, learn[name]?.(step.rows))
    return { does: 'query', name, text, values: fills }
  })

  return async (pool: Pool, own: Slots): Promise<void> => {
    const slots: Slots = { ...own }
    let client: PoolClient | undefined
    try {
      for (const step of prepared) {
        if (step.does === 'query') {
          const { name, text, values } = step
          const query = { name, text, values: values.map((fill) => fill(slots)) }
          const { rows } = await (client ?? pool).query<Row>(query)
          if (learn[name]) Object.assign(slots, learn[name](rows))
        } else {
          client ??= await pool.connect()
          await client.query(step.does)
          if (step.does === 'commit') {
            client.release()
            client = undefined
          }
        }
      }
    } finally {
      client?.release(true)
    }
  }
}

/** How to make a value: as recorded, from a slot, or as text with slots in it. */
const fillOf = (value: unknown, recorded: [slot: string, value: unknown][]): Fill => {
  const whole = recorded.find(([, known]) => isDeepStrictEqual(known, value))
  if (whole) return (slots) => slots[whole[0]]
  if (Array.isArray(value)) {
    const fills = value.map((part) => fillOf(part, recorded))
    return (slots) => fills.map((fill) => fill(slots))
  }
  return typeof value === 'string' ? fillTextOf(value, recorded) : () => value
}

const fillTextOf = (text: string, recorded: [slot: string, value: unknown][]): Fill => {
  const texts = recorded.map(([slot, value]) => [slot, textOf(value)] as const)
  const [slot, known] = texts.find(([, known]) => known.length > 3 && text.includes(known)) ?? []
  if (slot === undefined || known === undefined) return () => text
  const fills = text.split(known).map((part) => fillTextOf(part, recorded))
  return (slots) => fills.map((fill) => fill(slots)).join(textOf(slots[slot]))
}

const textOf = (value: unknown) => (value instanceof Date ? value.toISOString() : String(value))
