import { randomUUID } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import type { Context } from 'hono'
import type { ApiEnv } from './api.ts'
import type { Logger } from './logger.ts'
import { httpDuration, httpRequests } from './metrics.ts'

const quiet = new Set(['/api/healthz', '/api/readyz'])

/**
 * One log line and one observation a request, when its last byte is handed to the socket: that
 * includes serialising and writing, which a timer around the handler would miss.
 */
export const requestLog = (logger: Logger) =>
  createMiddleware<ApiEnv>(async function requestLog(c, next) {
    const startedAt = performance.now()
    c.set('request_id', requestIdOf(c.req.header('x-request-id')))
    const { outgoing } = c.env
    outgoing.setHeader('X-Request-Id', c.var.request_id)
    outgoing.once('close', () => {
      const status = outgoing.writableFinished ? outgoing.statusCode : 499
      note(logger, c, status, performance.now() - startedAt)
    })
    await next()
  })

// Nginx makes the id; one that is not of its shape is not trusted into our logs.
const requestIdOf = (given: string | undefined) =>
  given && /^[0-9a-f]{32}$/.test(given) ? given : randomUUID().replaceAll('-', '')

const note = (logger: Logger, c: Context<ApiEnv>, status: number, milliseconds: number) => {
  const route = routeOf(c)
  if (quiet.has(route)) return
  const { method } = c.req
  const status_class = `${Math.floor(status / 100)}xx`
  httpDuration.observe({ method, route, status_class }, milliseconds / 1000)
  httpRequests.inc({ method, route, status: String(status) })
  logger.info(
    {
      request_id: c.var.request_id,
      method,
      route,
      status,
      dur_ms: Math.round(milliseconds * 10) / 10,
    },
    'request',
  )
}

/** The route's pattern, never the path: a path holds ids, and ids have no end. */
const routeOf = (c: Context<ApiEnv>) => {
  const pattern = routePath(c, -1).replaceAll(/\{[^}]*\}/g, '')
  return pattern.endsWith('*') ? 'unmatched' : pattern
}
