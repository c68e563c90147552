import { createRoute, z } from '@hono/zod-openapi'
import { json, refusals, router } from './kernel/api.ts'
import { migrationGap } from './kernel/migrate.ts'
import { sql } from './kernel/sql.ts'
import type { World } from './world.ts'

const StateSchema = z.object({
  status: z.string(),
  version: z.string(),
  reason: z.string().optional(),
})

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['health'],
  summary: 'The process lives',
  responses: { 200: json(StateSchema, 'It does'), ...refusals() },
})

const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['health'],
  summary: 'It can serve: the database answers, its schema is current, and it is not about to end',
  responses: {
    ...refusals(),
    200: json(StateSchema, 'Ready'),
    503: json(StateSchema, 'Not ready, and why'),
  },
})

export const healthRoutes = (world: World) => {
  const version = world.config.VERSION
  let schemaIsCurrent = false

  const reasonNotReady = async () => {
    if (world.draining.signal.aborted) return 'draining'
    try {
      if (schemaIsCurrent) await world.db.oneRow(sql('health.ready')`select 1 as ready`)
      else {
        const { missing } = await migrationGap(world.db)
        if (missing.length > 0) return `migrations missing: ${missing.join(', ')}`
        schemaIsCurrent = true
      }
      return undefined
    } catch {
      return 'the database does not answer'
    }
  }

  return router()
    .openapi(healthz, (c) => c.json({ status: 'alive', version }, 200))
    .openapi(readyz, async (c) => {
      const reason = await reasonNotReady()
      if (reason === undefined) return c.json({ status: 'ready', version }, 200)
      return c.json({ status: 'not ready', version, reason }, 503)
    })
}
