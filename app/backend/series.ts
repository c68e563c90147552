import type { OpenAPIHono } from '@hono/zod-openapi'
import type pg from 'pg'
import { pino } from 'pino'
import type { DestinationStream } from 'pino'
import type { ApiEnv } from './kernel/api.ts'
import type { Logger } from './kernel/logger.ts'
import { gauge, tally } from './kernel/metrics.ts'
import { declareRoute } from './kernel/route-series.ts'

/** Where the API is mounted; definitions are written without it. */
const BASE = '/api'

/** Every route with every answer that its definition promises: `rate()` does not see a series appear. */
export const declareRoutes = (api: OpenAPIHono<ApiEnv>) => {
  for (const definition of api.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue
    const { method, path, responses } = definition.route
    const targetMs = (definition.route as { 'x-latency-target-ms'?: number })['x-latency-target-ms']
    declareRoute(BASE + path.replaceAll(/\{(\w+)\}/g, ':$1'), {
      method: method.toUpperCase(),
      targetMs,
      statuses: Object.keys(responses).map(Number),
    })
  }
}

const logWrite = tally(
  'log_write_seconds_total',
  'Everybody waited while log lines were handed on.',
)

/** Counts how long the event loop is kept by handing log lines on; answers where they go. */
export const watchLog = (logger: Logger): DestinationStream => {
  const stream = (logger as Logger & Record<symbol, DestinationStream>)[pino.symbols.streamSym]!
  const to: DestinationStream = { write: stream.write.bind(stream) }
  const seconds = logWrite.of()
  stream.write = (line) => {
    const from = performance.now()
    to.write(line)
    seconds.add((performance.now() - from) / 1000)
  }
  return to
}

/** The pool as it is at a scrape. What bursts between two scrapes is in the sums beside them. */
export const watchPool = (pool: pg.Pool) => {
  gauge(
    'db_pool_max_connections',
    'The most connections that this process opens.',
    () => pool.options.max,
  )
  gauge('db_pool_waiting_requests', 'Who waits for a connection.', () => pool.waitingCount)
  gauge(
    'db_pool_connections',
    'Open connections, in use and not.',
    () => ({ idle: pool.idleCount, busy: pool.totalCount - pool.idleCount }),
    'state',
  )
}
