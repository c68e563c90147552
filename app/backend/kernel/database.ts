import type pg from 'pg'
import { checkOut, codeOf, measured } from './connections.ts'
import { Problem } from './problems.ts'
import type { Statement } from './sql.ts'

/** The verbs promise their row count; inside `transaction` the same verbs speak on one connection. */
export type Database = {
  rows<Row extends object>(statement: Statement): Promise<Row[]>
  /** Exactly one row, or it is a bug and throws. */
  oneRow<Row extends object>(statement: Statement): Promise<Row>
  /** One row or none; the caller says what none means. */
  maybeRow<Row extends object>(statement: Statement): Promise<Row | undefined>
  /** Commits when `work` returns, rolls back when it throws. Inside a transaction it joins it. */
  transaction<Result>(work: (tx: Database) => Promise<Result>): Promise<Result>
  /** Does this once the transaction has committed, and never if it does not; outside one, at once. */
  afterCommit(effect: () => void): void
}

export const createDatabase = (pool: pg.Pool): Database => ({
  ...verbs((statement) => onConnection(pool, (client) => run(client, statement))),
  transaction: (work) => onConnection(pool, (client) => inTransaction(client, work)),
  afterCommit: (effect) => effect(),
})

const verbs = (query: (statement: Statement) => Promise<pg.QueryResult>) => {
  const rows = async <Row extends object>(statement: Statement) =>
    (await query(statement)).rows as Row[]

  const maybeRow = async <Row extends object>(statement: Statement) => {
    const found = await rows<Row>(statement)
    if (found.length > 1) throw new Error(`${statement.name} gave ${found.length} rows, not one`)
    return found[0]
  }

  const oneRow = async <Row extends object>(statement: Statement) => {
    const row = await maybeRow<Row>(statement)
    if (!row) throw new Error(`${statement.name} gave no row`)
    return row
  }

  return { rows, maybeRow, oneRow }
}

const onConnection = async <Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> => {
  const { client, release } = await checkOut(pool).catch((error: unknown) => {
    throw asUnavailable(error)
  })
  let broken: Error | undefined
  try {
    return await work(client)
  } catch (error) {
    broken = isConnectionLoss(error) ? (error as Error) : undefined
    throw asUnavailable(error)
  } finally {
    release(broken)
  }
}

const run = (client: pg.PoolClient, { name, text, values }: Statement) =>
  measured(name, () => client.query({ name, text, values }))

const inTransaction = async <Result>(
  client: pg.PoolClient,
  work: (tx: Database) => Promise<Result>,
) => {
  const effects: (() => void)[] = []
  const tx: Database = {
    ...verbs((statement) => run(client, statement)),
    transaction: (inner) => inner(tx),
    afterCommit: (effect) => void effects.push(effect),
  }
  await measured('begin', () => client.query('begin'))
  try {
    const result = await work(tx)
    const end = await measured('commit', () => client.query('commit'))
    // COMMIT of a transaction that failed inside answers ROLLBACK without an error.
    if (end.command === 'ROLLBACK') throw new Error('a failed transaction was asked to commit')
    for (const effect of effects) effect()
    return result
  } catch (error) {
    // On a lost connection this fails too; the server rolls back by itself.
    await measured('rollback', () => client.query('rollback')).catch(() => undefined)
    throw error
  }
}

const isConnectionLoss = (error: unknown) => {
  const code = codeOf(error)
  // 08P01 is a statement that breaks the protocol, with a value too many for one: a bug, and no loss.
  if (code !== undefined) return /^(08(?!P01)|57P|E(?!RR_)[A-Z])/.test(code)
  return error instanceof Error && /connection|timeout exceeded|not queryable/i.test(error.message)
}

// What waiting can mend: no connection (08, 57P, 53300), too busy (53, 57014, 55P03), deadlock (40).
const isPassing = (error: unknown) =>
  isConnectionLoss(error) || /^(53|57014|55P03|40)/.test(codeOf(error) ?? '')

/** What waiting can mend, as the 503 that says so; any other error as it is. */
export const asUnavailable = (error: unknown) =>
  error instanceof Problem || !isPassing(error)
    ? error
    : new Problem('dependency-unavailable', 'The database cannot answer right now.', {
        retryAfterSeconds: 1,
        cause: error,
      })
