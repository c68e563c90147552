import { createHash } from 'node:crypto'
import pino from 'pino'
import type { Ledger } from './ledger.ts'
import type { Logger } from './logger.ts'

/** What a request's line says besides its ledger. */
export type Answered = {
  method: string
  status: number
  /** Milliseconds, in all. */
  total: number
  isSlow: boolean
  trace: string
  bytes: number
  account: string | undefined
}

type Line = { ledger: Ledger; answered: Answered }

/** What pino keeps under its symbols, and its documentation lets one replace for speed. */
type Insides = {
  [pino.symbols.chindingsSym]: string
  [pino.symbols.lsCacheSym]: Record<number, string>
  [pino.symbols.asJsonSym]: (line: Line, message: string, level: number, time: string) => string
}

/**
 * Writes one line for each request. pino makes JSON of an object whose members it does not know, and looks
 * into each: that costs more than all else that is measured of a request. These are known, made here, and
 * hold no secret; so they are put together as they are. Levels, counting and the way out stay pino's.
 */
export const requestLines = (logger: Logger) => {
  const lines = logger.child({})
  const insides = lines as unknown as Insides
  const bindings = insides[pino.symbols.chindingsSym]
  const levels = insides[pino.symbols.lsCacheSym]
  insides[pino.symbols.asJsonSym] = (line, message, level, time) =>
    `${levels[level]}${time}${bindings}${membersOf(line)},"msg":"${message}"}\n`
  return (ledger: Ledger, answered: Answered) =>
    lines.info({ ledger, answered } satisfies Line, 'request')
}

const membersOf = ({ ledger, answered }: Line) => {
  const { route, requestId, spent, statements, rows, notes } = ledger
  const { method, status, total, isSlow, trace, bytes, account } = answered
  let said =
    `,"request_id":"${requestId}","trace_id":"${trace}","method":"${method}","route":"${route}"` +
    `,"status":${status},"dur_ms":${tenths(total)},"queue_ms":${tenths(spent.queue)}` +
    `,"pool_ms":${tenths(spent.pool)},"db_ms":${tenths(spent.db)},"ext_ms":${tenths(spent.external)}` +
    `,"loop_ms":${tenths(spent.loop)},"app_ms":${tenths(spent.app)},"db_n":${statements}` +
    `,"db_rows":${rows},"slow":${isSlow},"bytes":${bytes}`
  if (account !== undefined) said += `,"user_hash":"${hashOf(account)}"`
  for (const name in notes) said += `,"${name}":${JSON.stringify(notes[name])}`
  return said
}

const tenths = (milliseconds: number) => Math.round(milliseconds * 10) / 10

const HASHES_MAX = 10_000
const hashes = new Map<string, string>()

// Enough to see that two lines are of one person, and not who.
const hashOf = (id: string) => {
  const hash = hashes.get(id) ?? createHash('sha256').update(id).digest('hex').slice(0, 12)
  if (hashes.size > HASHES_MAX) hashes.clear()
  hashes.set(id, hash)
  return hash
}
