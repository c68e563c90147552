import { createRoute, z } from '@hono/zod-openapi'
import { body, json, refusals, router, timestamp, withBody } from '../kernel/api.ts'
import { actorOf, only } from '../kernel/principal.ts'
import { Problem } from '../kernel/problems.ts'
import { faultNames } from './catalogue.ts'
import type { Panel } from './faults.ts'

const tags = ['operations']
const MINUTES = 15

const FaultSchema = z
  .object({
    name: z.enum(faultNames),
    does: z.string().openapi({ description: 'What it really does' }),
    shows: z.string().openapi({ description: 'What an operator will see of it' }),
    on_until: timestamp().nullable().openapi({ description: 'null: it is off' }),
    switched_by: z.string().nullable(),
  })
  .openapi('Fault')
const FaultsSchema = z.object({ faults: z.array(FaultSchema) })

const list = createRoute({
  method: 'get',
  path: '/operations/faults',
  tags,
  summary: 'The faults that can be switched on to see a bottleneck, where FAULTS_ENABLED allows it',
  ...only('operator', 'manager'),
  responses: {
    200: json(FaultsSchema, 'All of them'),
    ...refusals('unauthenticated', 'forbidden', 'not-found'),
  },
})

const change = createRoute({
  method: 'put',
  path: '/operations/faults/{name}',
  tags,
  summary: 'Switch a fault on or off, in all processes of the API; each ends by itself in the end',
  ...only('operator', 'manager'),
  request: {
    params: z.object({ name: z.string().openapi({ example: 'missing-index' }) }),
    body: body(
      z.strictObject({
        state: z.enum(['on', 'off']),
        minutes: z.int().min(1).max(120).default(MINUTES),
      }),
    ),
  },
  responses: {
    200: json(FaultsSchema, 'All of them, as they are now'),
    ...refusals(...withBody, 'unauthenticated', 'forbidden', 'not-found'),
  },
})

export const faultRoutes = (panel: Panel | undefined) => {
  const enabled = () => {
    if (panel) return panel
    throw new Problem('not-found', 'There are no faults here: FAULTS_ENABLED is not true.')
  }
  return router()
    .openapi(list, async (c) => c.json({ faults: await enabled().list() }, 200))
    .openapi(change, async (c) => {
      const { list: listed, switchTo } = enabled()
      const name = faultNames.find((known) => known === c.req.valid('param').name)
      if (!name) throw new Problem('not-found', `Faults are: ${faultNames.join(', ')}.`)
      const { state, minutes } = c.req.valid('json')
      const by = actorOf(c.var.principal)
      await switchTo({ name, minutes: state === 'on' ? minutes : 0, by })
      return c.json({ faults: await listed() }, 200)
    })
}
