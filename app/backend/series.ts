import type { OpenAPIHono } from '@hono/zod-openapi'
import type pg from 'pg'
import type { ApiEnv } from './kernel/api.ts'
import { gauge } from './kernel/metrics.ts'
import { declareRoute } from './kernel/route-series.ts'

/** Every route with every answer that its definition promises: `rate()` does not see a series appear. */
export const declareRoutes = (api: OpenAPIHono<ApiEnv>) => {
  for (const definition of api.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue
    const { method, path, responses } = definition.route
    const targetMs = (definition.route as { 'x-latency-target-ms'?: number })['x-latency-target-ms']
    declareRoute(path.replaceAll(/\{(\w+)\}/g, ':$1'), {
      method: method.toUpperCase(),
      targetMs,
      statuses: Object.keys(responses).map(Number),
    })
  }
}

/** The pool as it is at a scrape. What bursts between two scrapes is in the sums beside them. */
export const watchPool = (pool: pg.Pool, max: number) => {
  gauge('db_pool_max_connections', 'The most connections that this process opens.', () => max)
  gauge('db_pool_waiting_requests', 'Who waits for a connection.', () => pool.waitingCount)
  gauge(
    'db_pool_connections',
    'Open connections, in use and not.',
    () => ({ idle: pool.idleCount, busy: pool.totalCount - pool.idleCount }),
    'state',
  )
}
