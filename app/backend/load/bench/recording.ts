import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { createApp } from '../../app.ts'
import { readConfig } from '../../config.ts'
import type { Database } from '../../kernel/database.ts'
import type { Statement } from '../../kernel/sql.ts'
import { listening, portOf } from '../../process.ts'
import { openWorld } from '../../world.ts'

/** What went to the database, in its order; `rows` is what came back. */
export type Step =
  | { does: 'begin' | 'commit' }
  | { does: 'query'; statement: Statement; rows: Row[] }
export type Row = Record<string, unknown>

/** The statements that the API sends for a request: the same app, over HTTP, with its database overheard. */
export const recordRequest = async (
  environment: Record<string, string>,
  ask: (url: string) => Promise<unknown>,
): Promise<Step[]> => {
  const world = openWorld(readConfig({ ...environment, LOG_LEVEL: 'silent' }), 'api')
  const steps: Step[] = []
  const app = createApp({ ...world, db: overheard(world.db, steps) })
  const server = createAdaptorServer(app) as Server
  await listening(server, 0, '127.0.0.1')
  try {
    await ask(`http://127.0.0.1:${portOf(server)}`)
    return steps
  } finally {
    server.closeAllConnections()
    server.close()
    await world.close()
  }
}

const overheard = (db: Database, steps: Step[]): Database => ({
  ...verbsOf(db, steps),
  afterCommit: (effect) => db.afterCommit(effect),
  transaction: async (work) => {
    steps.push({ does: 'begin' })
    const result = await db.transaction((tx) => work(joined(tx, steps)))
    steps.push({ does: 'commit' })
    return result
  },
})

// Inside, `transaction` joins: it sends nothing.
const joined = (tx: Database, steps: Step[]): Database => {
  const self: Database = {
    ...verbsOf(tx, steps),
    afterCommit: (effect) => tx.afterCommit(effect),
    transaction: (work) => work(self),
  }
  return self
}

const verbsOf = (db: Database, steps: Step[]) => {
  const note = (statement: Statement, rows: object[]) =>
    void steps.push({ does: 'query', statement, rows: rows as Row[] })
  return {
    rows: async <Result extends object>(statement: Statement) => {
      const rows = await db.rows<Result>(statement)
      note(statement, rows)
      return rows
    },
    oneRow: async <Result extends object>(statement: Statement) => {
      const row = await db.oneRow<Result>(statement)
      note(statement, [row])
      return row
    },
    maybeRow: async <Result extends object>(statement: Statement) => {
      const row = await db.maybeRow<Result>(statement)
      note(statement, row ? [row] : [])
      return row
    },
  }
}
