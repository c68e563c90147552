import { AsyncLocalStorage } from 'node:async_hooks'
import { performance } from 'node:perf_hooks'
import { lagAt, unreadAt } from './loop-lag.ts'

/**
 * Where the time of a request goes. `queue`: before it reached us; `pool`: waiting for a connection;
 * `db`: waiting for PostgreSQL; `external`: waiting for a partner; `loop`: what was awaited had come,
 * but the event loop was busy with something else; `app`: the rest, its own work.
 */
export const phases = ['queue', 'pool', 'db', 'external', 'loop', 'app'] as const
export type Phase = (typeof phases)[number]

/** What one can wait for. */
export type Wait = 'db' | 'external' | 'pool'

/** The account of one request, or of one run of a job. Times in milliseconds. */
export type Ledger = {
  /** The route's pattern, or job:<name>. */
  route: string
  requestId: string | undefined
  spent: Record<Phase, number>
  statements: number
  rows: number
  /** What its log line says besides: ids to find it by. */
  notes: Record<string, string>
  waiting: Record<Wait, number>
  since: number
  lag: number
  /** For how long the event loop has run code of this ledger, in all and up to `since`. */
  ran: number
  ranBefore: number
  isClosed: boolean
}

const current = new AsyncLocalStorage<Ledger>()

type Opening = { queue?: number; requestId?: string }

export const openLedger = (route: string, { queue = 0, requestId }: Opening = {}): Ledger => {
  const now = performance.now()
  const ledger = {
    route,
    requestId,
    spent: { queue, pool: 0, db: 0, external: 0, loop: 0, app: 0 },
    statements: 0,
    rows: 0,
    notes: {},
    waiting: { db: 0, external: 0, pool: 0 },
    since: now,
    lag: lagAt(now),
    ran: 0,
    ranBefore: 0,
    isClosed: false,
  }
  handTo(ledger, now)
  return ledger
}

/** Runs `work`; what it awaits with `during`, however deep, is written into this ledger. */
export const withLedger = <Result>(ledger: Ledger, work: () => Result): Result =>
  current.run(ledger, work)

/** Runs what nobody waits for: its time is in no request's account. */
export const alone = <Result>(work: () => Result): Result => current.exit(work)

export const currentLedger = () => current.getStore()

/** The route of what runs now, for labels; work that nobody asked for has none. */
export const currentRoute = () => current.getStore()?.route ?? 'none'

/** Says something of the present request in its log line: ids, never personal data. */
export const note = (name: string, value: string) => {
  const ledger = current.getStore()
  if (ledger) ledger.notes[name] = value
}

/** Awaits `work`, and writes the time into the present ledger. */
export const during = async <Result>(wait: Wait, work: () => Promise<Result>): Promise<Result> => {
  const ledger = current.getStore()
  if (!ledger) return work()
  try {
    return await enter(ledger, wait, work)
  } finally {
    leave(ledger, wait)
  }
}

/** The two halves of `during`, for who awaits anyway: whoever enters a wait leaves it. */
export const enter = <Result>(ledger: Ledger, wait: Wait, work: () => Promise<Result>) => {
  settle(ledger)
  ledger.waiting[wait]++
  const underWay = work()
  handTo(undefined, performance.now())
  return underWay
}

export const leave = (ledger: Ledger, wait: Wait) => {
  settle(ledger)
  ledger.waiting[wait]--
}

/** Ends the account; what still runs on is nobody's wait. */
export const closeLedger = (ledger: Ledger) => {
  settle(ledger)
  ledger.isClosed = true
  handTo(undefined, ledger.since)
}

let running: Ledger | undefined
let ranFrom = 0
let idleFrom = 0

// The event loop is one ledger's from its sign of life to the next one of anybody, save while it is idle.
const handTo = (next: Ledger | undefined, now: number) => {
  const idle = performance.nodeTiming.idleTime
  if (running) running.ran += Math.max(now - ranFrom - (idle - idleFrom), 0)
  running = next
  ranFrom = now
  idleFrom = idle
}

// A request is in one phase at a time, so that its phases add up to its time even when it awaits
// several things at once: the first of these that is under way counts. What the loop ran meanwhile is
// its own work where it was the request's, and else somebody's who kept it waiting. Answers from
// outside come however busy the loop is: they only lie there until it looks.
const settle = (ledger: Ledger) => {
  if (ledger.isClosed) return
  const now = performance.now()
  handTo(ledger, now)
  const elapsed = now - ledger.since
  const lag = lagAt(now)
  const ran = Math.min(ledger.ran - ledger.ranBefore, elapsed)
  const phase = phaseOf(ledger.waiting)
  const isOutside = phase === 'db' || phase === 'external'
  const late = Math.min(
    Math.max(lag - ledger.lag - ran, 0),
    elapsed - ran,
    isOutside ? unreadAt(now) : Infinity,
  )
  ledger.spent.loop += late
  ledger.spent.app += ran
  ledger.spent[phase] += elapsed - ran - late
  ledger.since = now
  ledger.lag = lag
  ledger.ranBefore = ledger.ran
}

const phaseOf = ({ db, external, pool }: Ledger['waiting']): Phase => {
  if (db > 0) return 'db'
  if (external > 0) return 'external'
  return pool > 0 ? 'pool' : 'app'
}
