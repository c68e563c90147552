import { hostname } from 'node:os'
import pino from 'pino'
import { gauge, tally } from '../kernel/metrics.ts'
import type { Progress } from './delivery.ts'
import type { TransportOptions } from './loki-transport.ts'

const sent = tally('log_ship_sent_total', 'Log lines that Loki took.').of()
const dropped = tally('log_ship_dropped_total', 'Log lines that Loki will never have.').of()
const retries = tally('log_ship_retries_total', 'Attempts to send log lines that failed.').of()

let waitingBytes = 0
gauge('log_ship_waiting_bytes', 'Log lines, gzipped, that wait for Loki.', () => waitingBytes)

/** As much as the thread's own buffer: more waits here only when the thread cannot keep up. */
const OVERFLOW_CHARACTERS_MAX = 8_000_000
const REOPEN_MS = 5_000

export type LokiSettings = {
  url: string
  service: string
  env: string
  bytesMax: number
  flushMs: number
  /** Hears once that Loki takes nothing, and once that it does again. */
  tell: (level: 'info' | 'warn', about: object, message: string) => void
}

type Counts = Pick<Progress, 'sent' | 'dropped' | 'retries'>

/**
 * Sends lines to Loki from a thread of its own: writing one costs the main thread a copy. Whatever
 * happens to Loki or to the thread, the caller neither waits nor fails; what is lost is counted.
 */
export const shipToLoki = ({ url, tell, ...about }: LokiSettings) => {
  const options: TransportOptions = { ...about, ...addressOf(url), instance: hostname() }
  let open: ReturnType<typeof openTransport> | undefined
  let overflow = 0
  let trouble: string | undefined

  const hear = (now: Progress) => {
    waitingBytes = now.waitingBytes
    if (now.trouble && !trouble)
      tell('warn', { why: now.trouble, waiting_bytes: waitingBytes }, 'Loki takes no log lines')
    if (trouble && !now.trouble)
      tell('info', { dropped: now.dropped, retries: now.retries }, 'Loki takes log lines again')
    trouble = now.trouble
  }

  const start = () => {
    overflow = 0
    const opened = openTransport(options, hear)
    opened.thread.on('drain', () => {
      overflow = 0
    })
    opened.thread.on('error', (error: Error) => {
      if (open !== opened) return
      open = undefined
      opened.giveUp()
      tell('warn', { err: error }, 'the thread that sends log lines ended; another begins')
      setTimeout(start, REOPEN_MS).unref()
    })
    open = opened
  }
  start()

  return {
    write: (line: string) => {
      if (!open || overflow > OVERFLOW_CHARACTERS_MAX) return dropped.add(1)
      open.given()
      if (!open.thread.write(line)) overflow += line.length
    },
    flush: (done: () => void) => (open ? open.thread.flush(done) : done()),
  }
}

// thread-stream ends a thread whose stream only waits, for a flush too, and is held by nobody.
const threads = new Set<object>()

const openTransport = (options: TransportOptions, hear: (now: Progress) => void) => {
  const thread = pino.transport({
    target: new URL('./loki-transport.ts', import.meta.url).href,
    options,
    worker: { resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4 } },
  })
  threads.add(thread)
  thread.on('close', () => threads.delete(thread))

  const counts: Counts = { sent: 0, dropped: 0, retries: 0 }
  let given = 0

  const count = (now: Counts) => {
    sent.add(now.sent - counts.sent)
    dropped.add(now.dropped - counts.dropped)
    retries.add(now.retries - counts.retries)
    Object.assign(counts, { sent: now.sent, dropped: now.dropped, retries: now.retries })
  }
  thread.on('shipped', (now: Progress) => {
    count(now)
    hear(now)
  })

  return {
    thread,
    given: () => {
      given += 1
    },
    /** The thread is gone, and what it had not sent with it. */
    giveUp: () => count({ ...counts, dropped: given - counts.sent }),
  }
}

/** fetch refuses an address with a password in it. */
const addressOf = (url: string): Pick<TransportOptions, 'host' | 'basicAuth'> => {
  const address = new URL(url)
  const [username, password] = [address.username, address.password].map(decodeURIComponent)
  address.username = ''
  address.password = ''
  if (!address.pathname.endsWith('/')) address.pathname += '/'
  return {
    host: address.href,
    ...(username && { basicAuth: { username, password: password ?? '' } }),
  }
}
