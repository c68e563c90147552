import { createRoute, z } from '@hono/zod-openapi'
import { MoneySchema, day, json, refusals, router } from '../../kernel/api.ts'
import type { Database } from '../../kernel/database.ts'
import { only } from '../../kernel/principal.ts'
import { summarise } from './queries/summarise.ts'

const PeriodSchema = z
  .strictObject({ from: day(), to: day() })
  .refine(({ from, to }) => from <= to, { message: '`to` is before `from`.', path: ['to'] })

const SummarySchema = z
  .object({
    from: day(),
    to: day(),
    collected: MoneySchema.openapi({ description: 'Captured less refunded, by the day it moved' }),
    bookings: z.int(),
    preferred_destination: z.string().nullable(),
    destinations: z.array(z.object({ destination: z.string(), passengers: z.int() })),
    pets: z.int(),
    infants: z.int().openapi({ description: 'Passengers of 12 or younger: those who get sweets' }),
    sweets: z.object({ bags: z.int(), cost: MoneySchema }),
    taxes: z.array(z.object({ destination: z.string(), code: z.string(), total: MoneySchema })),
  })
  .openapi('Summary')

const summary = createRoute({
  method: 'get',
  path: '/reports/summary',
  tags: ['reports'],
  summary: 'Money collected, destinations, pets, infants and their sweets, taxes by destination',
  ...only('operator', 'manager'),
  request: { query: PeriodSchema },
  responses: {
    200: json(SummarySchema, 'Of the period, both days included'),
    ...refusals('validation-failed', 'unauthenticated', 'forbidden'),
  },
})

const money = (amount: number) => ({ amount, currency: 'COP' as const })

export const reportsRoutes = (needs: { db: Database }) =>
  router().openapi(summary, async (c) => {
    const period = c.req.valid('query')
    const found = await summarise(needs, period)
    return c.json(
      {
        ...period,
        collected: money(found.collected - found.refunded),
        bookings: found.bookings,
        preferred_destination: found.destinations[0]?.destination ?? null,
        destinations: found.destinations,
        pets: found.pets,
        infants: found.infants,
        sweets: { bags: found.sweets_bags, cost: money(found.sweets_cost) },
        taxes: found.taxes.map(({ amount, ...tax }) => ({ ...tax, total: money(amount) })),
      },
      200,
    )
  })
