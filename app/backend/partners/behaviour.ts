import type { MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import { z } from 'zod'
import { problem } from './problems.ts'
import { readBody } from './requests.ts'
import type { Waits } from './waits.ts'

/** What a slow answer takes. */
const SLOW_MS = 2_000

const order = z.strictObject({
  answers: z.enum(['well', 'slowly', 'badly']),
  // Then it is well again, whoever told it so has gone.
  for_seconds: z.number().positive().max(3_600),
})

/** How the gateway is today: well, unless it was told otherwise a moment ago. */
export const createBehaviour = (waits: Waits) => {
  let told: { answers: z.infer<typeof order>['answers']; until: number } | undefined
  const now = () => (told && performance.now() < told.until ? told.answers : 'well')

  const routes = new Hono()
    .get('/', (c) => c.json({ answers: now() }))
    .put('/', async (c) => {
      const { answers, for_seconds } = await readBody(c, order)
      told = { answers, until: performance.now() + for_seconds * 1000 }
      return c.json({ answers })
    })

  const applies: MiddlewareHandler = async (_, next) => {
    if (now() === 'slowly') await waits.pause(SLOW_MS)
    if (now() === 'badly') throw problem(503, 'unavailable', 'The gateway is out of order.')
    await next()
  }
  return { routes, applies }
}
