import type pg from 'pg'
import { checkOut, measured } from '../../kernel/connections.ts'

/**
 * The pool for a library that writes its own SQL: its statements are counted like ours, under the verb
 * and the table that they begin with.
 */
export const poolFor = (pool: pg.Pool, owner: string) => ({
  connect: async () => {
    const { client, release } = await checkOut(pool)
    return {
      query: (text: string, values?: unknown[]) =>
        measured(`${owner}.${nameOf(text)}`, () => client.query(text, values)),
      release,
    }
  },
  end: () => pool.end(),
})

const nameOf = (text: string) => {
  const [verb = 'other'] = /^[a-z]+/i.exec(text) ?? []
  const table = /(?:from|into|update)\s+(?:"?\w+"?\.)?"?(\w+)/i.exec(text)?.[1]
  return [verb.toLowerCase(), table].filter(Boolean).join('_')
}
