import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import type { Context } from 'hono'
import type { ApiEnv } from './api.ts'
import { closeLedger, openLedger, phases, withLedger } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import type { Logger } from './logger.ts'
import { httpInFlight, httpStreams } from './metrics.ts'
import { requestLines } from './request-line.ts'
import { routeSeries } from './route-series.ts'

type Settings = {
  logger: Logger
  /** A proxy of ours is in front: the time at which it took the request is to be believed. */
  isBehindProxy?: boolean
  /** Tells browsers where the time went. It tells everybody: not for the open internet by default. */
  serverTiming?: boolean
  /** Of so many fast successes one is logged; what failed or was slow, always. */
  logEvery?: number
}

const quiet = new Set(['/api/healthz', '/api/readyz'])
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * Opens each request's ledger and, when its last byte is handed to the socket, closes it into metrics
 * and one log line. That includes serialising and writing, which a timer around the handler would miss.
 */
export const requestLog = ({ logger, isBehindProxy, serverTiming, logEvery = 1 }: Settings) => {
  const tell = requestLines(logger)
  let successes = 0
  const isLeftOut = (status: number, isSlow: boolean) =>
    status < 400 && !isSlow && ++successes % logEvery !== 0

  return createMiddleware<ApiEnv>(async function requestLog(c, next) {
    const route = routeOf(c)
    const { outgoing } = c.env
    const request_id = requestIdOf(c.req.header('x-request-id'))
    c.set('request_id', request_id)
    outgoing.setHeader('X-Request-Id', request_id)
    if (quiet.has(route)) return next()

    const queue = isBehindProxy ? queueOf(c) : 0
    const ledger = openLedger(route, { queue, requestId: request_id })
    const leave = enter(route)
    // When the last byte was handed over, or the client is gone.
    outgoing.on('close', () => {
      leave()
      closeLedger(ledger)
      const method = methods.has(c.req.method) ? c.req.method : 'OTHER'
      const status = outgoing.writableFinished ? outgoing.statusCode : 499
      const wasStream = c.get('is_stream') === true
      const trace = traceOf(c) ?? request_id
      const told = { method, status, wasStream, exemplar: trace }
      const { total, isSlow } = routeSeries(route).record(ledger, told)
      if (!wasStream && isLeftOut(status, isSlow)) return
      const bytes = Number(outgoing.getHeader('content-length') ?? 0)
      tell(ledger, {
        method: c.req.method,
        status,
        total,
        isSlow,
        trace,
        bytes,
        account: accountOf(c),
      })
    })

    await withLedger(ledger, next)
    if (c.get('is_stream')) {
      leave()
      watchStream(outgoing)
    } else if (serverTiming) {
      outgoing.setHeader('Server-Timing', timingOf(ledger))
    }
  })
}

const enter = (route: string) => {
  const add = (count: number) => httpInFlight.set(route, (httpInFlight.get(route) ?? 0) + count)
  add(1)
  let isIn = true
  return () => {
    if (isIn) add(-1)
    isIn = false
  }
}

const watchStream = (outgoing: ServerResponse) => {
  httpStreams.inc()
  outgoing.once('close', () => httpStreams.dec())
}

/** The route's pattern, never the path: a path holds ids, and ids have no end. */
const routeOf = (c: Context<ApiEnv>) => patternOf(routePath(c, -1))

const patterns = new Map<string, string>()

/** There are as many as routes are written. */
export const patternOf = (path: string) => {
  const known = patterns.get(path)
  if (known !== undefined) return known
  const written = path.replaceAll(/\{[^}]*\}/g, '')
  const pattern = written.endsWith('*') ? 'unmatched' : written
  patterns.set(path, pattern)
  return pattern
}

// Nginx makes the id; one that is not of its shape is not trusted into our logs.
const requestIdOf = (given: string | undefined) =>
  given && /^[0-9a-f]{32}$/.test(given) ? given : randomUUID().replaceAll('-', '')

/** The trace that the caller is in; without one the request is a trace by itself. */
const traceOf = (c: Context<ApiEnv>) => {
  const parent = c.req.header('traceparent')
  return parent === undefined ? undefined : /^00-([0-9a-f]{32})-/.exec(parent)?.[1]
}

const QUEUE_MS_MAX = 60_000

/** From Nginx's first sight of the request until now, by two clocks that may differ a little. */
const queueOf = (c: Context<ApiEnv>) => {
  const at = /^t=(\d+\.\d+)$/.exec(c.req.header('x-request-start') ?? '')?.[1]
  return at ? Math.min(Math.max(Date.now() - Number(at) * 1000, 0), QUEUE_MS_MAX) : 0
}

const timingOf = ({ spent }: Ledger) =>
  phases.map((phase) => `${phase};dur=${spent[phase].toFixed(1)}`).join(', ')

// `c.get`, for `c.var` is put together anew each time that it is looked at.
const accountOf = (c: Context<ApiEnv>) => {
  const principal = c.get('principal')
  return principal?.kind === 'account' ? principal.id : undefined
}
