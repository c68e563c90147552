import { channel } from 'node:diagnostics_channel'
import pg from 'pg'
import { currentLedger, enter, leave } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import * as metrics from './metrics.ts'

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
    // Statements that do not need each other's answers travel together: one trip for all of them.
    pipeline: true,
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

const poolWait = metrics.dbPoolWait.of()

/** A connection of the pool, and the account of how long it was waited for and kept. */
export const checkOut = async (pool: pg.Pool) => {
  const asked = performance.now()
  const ledger = currentLedger()
  const client = await connectTo(pool, ledger)
  const taken = performance.now()
  poolWait.observe((taken - asked) / 1000)
  const release = (broken?: Error) => {
    metrics.dbCheckouts.of(ledger?.route ?? 'none').add((performance.now() - taken) / 1000)
    client.release(broken)
  }
  return { client, release }
}

const connectTo = async (pool: pg.Pool, ledger: Ledger | undefined) => {
  // One that lies idle is handed out at once: there is no wait to write down.
  const waiting = pool.idleCount > 0 ? undefined : ledger
  const connect = () => pool.connect()
  try {
    return await (waiting ? enter(waiting, 'pool', connect) : connect())
  } catch (error) {
    if (/timeout exceeded/.test(String(error))) metrics.dbPoolTimeouts.of().add(1)
    throw error
  } finally {
    if (waiting) leave(waiting, 'pool')
  }
}

/** A statement took so long that its line is worth writing. */
const SLOW_MS = 200

export type SlowStatement = {
  query: string
  route: string
  request_id: string | undefined
  dur_ms: number
}

/** Where slow statements are told; who wants to hear of them subscribes. */
export const slowStatements = channel('aeroflash.slow-statement')

const open = (route: string, query: string) => ({
  queries: metrics.dbQueries.of(route, query),
  seconds: metrics.dbSeconds.of(route, query),
  duration: metrics.dbQueryDuration.of(query),
  rows: metrics.dbRows.of(query),
})

const known = new Map<string, Map<string, ReturnType<typeof open>>>()

const seriesOf = (route: string, query: string) => {
  const ofRoute = known.get(route) ?? new Map<string, ReturnType<typeof open>>()
  known.set(route, ofRoute)
  const series = ofRoute.get(query) ?? open(route, query)
  ofRoute.set(query, series)
  return series
}

/** Sends a statement and writes down whose it was, how long it took and what came back. */
export const measured = (name: string, send: () => Promise<pg.QueryResult>) => {
  const started = performance.now()
  const ledger = currentLedger()
  const route = ledger?.route ?? 'none'
  const series = seriesOf(route, name)
  const end = () => {
    const milliseconds = performance.now() - started
    series.queries.add(1)
    series.seconds.add(milliseconds / 1000)
    series.duration.observe(milliseconds / 1000)
    if (ledger) {
      leave(ledger, 'db')
      ledger.statements++
    }
    if (milliseconds > SLOW_MS) tellSlow({ query: name, route, ledger, milliseconds })
  }
  // Not `await`: this is done for each statement, and an async function costs a promise more.
  return (ledger ? enter(ledger, 'db', send) : send()).then(
    (result) => {
      end()
      series.rows.add(result.rowCount ?? 0)
      if (ledger) ledger.rows += result.rowCount ?? 0
      return result
    },
    (error: unknown) => {
      end()
      metrics.dbErrors.of(name, codeOf(error)?.slice(0, 2) ?? 'connection').add(1)
      throw error
    },
  )
}

type Slow = { query: string; route: string; ledger: Ledger | undefined; milliseconds: number }

const tellSlow = ({ query, route, ledger, milliseconds }: Slow) =>
  slowStatements.publish({
    query,
    route,
    request_id: ledger?.requestId,
    dur_ms: Math.round(milliseconds),
  } satisfies SlowStatement)

/** SQLSTATE of an error from PostgreSQL, or the system's code (ECONNRESET …). */
export const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

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
