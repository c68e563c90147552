import pg from 'pg'
import { dbErrors, dbQueries, dbQueryDuration, dbPoolWait } from './metrics.ts'
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
}

export type PoolSettings = {
  connectionString: string
  maxConnections: number
  /** Shown in pg_stat_activity, so that an operator sees whose connection it is. */
  applicationName: string
}

const { builtins } = pg.types

// bigint comes as number (money stays far below 2^53) and date as 'YYYY-MM-DD': a calendar day has
// no time zone, and a Date would give it one.
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, Number],
  [builtins.DATE, (text) => text],
])

export const openPool = ({ connectionString, maxConnections, applicationName }: PoolSettings) => {
  const pool = new pg.Pool({
    connectionString,
    max: maxConnections,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // A lock or a statement that takes this long is a fault; giving up frees the connection.
    options:
      '-c lock_timeout=3000 -c statement_timeout=15000 -c idle_in_transaction_session_timeout=15000',
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        parsers.get(oid) ?? pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  })
  // A connection that the server ends fails its next statement, and whoever sent that hears of it. As
  // an 'error' event without a listener it would end the process instead.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

export const createDatabase = (pool: pg.Pool): Database => ({
  ...verbs((statement) => onConnection(pool, (client) => run(client, statement))),
  transaction: (work) => onConnection(pool, (client) => inTransaction(client, work)),
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
  const stop = dbPoolWait.startTimer()
  const client = await pool.connect().catch((error: unknown) => {
    throw asUnavailable(error)
  })
  stop()
  let broken: Error | undefined
  try {
    return await work(client)
  } catch (error) {
    broken = isConnectionLoss(error) ? (error as Error) : undefined
    throw asUnavailable(error)
  } finally {
    client.release(broken)
  }
}

const run = async (client: pg.PoolClient, { name, text, values }: Statement) => {
  const stop = dbQueryDuration.startTimer({ query: name })
  dbQueries.inc({ query: name })
  try {
    return await client.query({ name, text, values })
  } catch (error) {
    dbErrors.inc({ query: name, code: codeOf(error)?.slice(0, 2) ?? 'connection' })
    throw error
  } finally {
    stop()
  }
}

const inTransaction = async <Result>(
  client: pg.PoolClient,
  work: (tx: Database) => Promise<Result>,
) => {
  const tx: Database = {
    ...verbs((statement) => run(client, statement)),
    transaction: (inner) => inner(tx),
  }
  await client.query('begin')
  try {
    const result = await work(tx)
    const end = await client.query('commit')
    // COMMIT of a transaction that failed inside answers ROLLBACK without an error.
    if (end.command === 'ROLLBACK') throw new Error('a failed transaction was asked to commit')
    return result
  } catch (error) {
    // On a lost connection this fails too; the server rolls back by itself.
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

/** SQLSTATE of an error from PostgreSQL, or the system's code (ECONNRESET …). */
const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

const isConnectionLoss = (error: unknown) => {
  const code = codeOf(error)
  if (code !== undefined) return /^(08|57P|E(?!RR_)[A-Z])/.test(code)
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
