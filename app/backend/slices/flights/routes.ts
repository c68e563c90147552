import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { idParam, json, refusals, router, target } from '../../kernel/api.ts'
import type { ApiEnv } from '../../kernel/api.ts'
import { Problem } from '../../kernel/problems.ts'
import { countRefused, countSearch } from './metrics.ts'
import { findFlight } from './queries/find-flights.ts'
import { findStatus } from './queries/find-status.ts'
import { listDays } from './queries/list-days.ts'
import { listAirports } from './queries/list-airports.ts'
import { listStatuses } from './queries/list-statuses.ts'
import { searchFlights } from './queries/search-flights.ts'
import type { Needs as SearchNeeds } from './queries/search-flights.ts'
import {
  AirportSchema,
  DaySchema,
  DaysSchema,
  FlightOfDaySchema,
  FlightSchema,
  FoundFlightSchema,
  PromotionOnShowSchema,
  SearchSchema,
  StatusSchema,
  StatusesSchema,
} from './schemas.ts'
import type { StatusFeed } from './status-feed.ts'
import { streamStatus } from './status-stream.ts'

const tags = ['flights']

const airports = createRoute({
  method: 'get',
  path: '/airports',
  tags,
  summary: 'Airports by code, city or name',
  request: { query: z.strictObject({ query: z.string().max(60).default('') }) },
  responses: {
    200: json(z.object({ airports: z.array(AirportSchema) }), 'Best match first'),
    ...refusals('validation-failed'),
  },
})

const search = createRoute({
  method: 'get',
  path: '/flights',
  tags,
  summary: 'What flies between two airports on a day, with the lowest fare and the seats left',
  ...target(750),
  request: { query: SearchSchema },
  responses: {
    200: json(
      z.object({
        flights: z.array(FoundFlightSchema),
        meta: z.object({ limit: z.int(), after: z.string().nullable() }),
      }),
      'By time of departure',
    ),
    ...refusals('validation-failed'),
  },
})

const days = createRoute({
  method: 'get',
  path: '/flights/days',
  tags,
  summary: 'The lowest fare of each day between two, at most 15 days',
  request: { query: DaysSchema },
  responses: {
    200: json(z.object({ days: z.array(DaySchema) }), 'Days on which something flies, in order'),
    ...refusals('validation-failed'),
  },
})

const promotion = createRoute({
  method: 'get',
  path: '/flights/promotion',
  tags,
  summary: 'The promotion on show: what a search without a code goes by',
  responses: {
    200: json(z.object({ promotion: PromotionOnShowSchema.nullable() }), 'It, or null'),
    ...refusals(),
  },
})

const statuses = createRoute({
  method: 'get',
  path: '/flights/status',
  tags,
  summary: 'How the flights of a day go, on sale or not: by number, or by route',
  request: { query: StatusesSchema },
  responses: {
    200: json(z.object({ flights: z.array(FlightOfDaySchema) }), 'By time of departure'),
    ...refusals('validation-failed'),
  },
})

const one = createRoute({
  method: 'get',
  path: '/flights/{id}',
  tags,
  summary: 'A dated flight',
  request: { params: idParam },
  responses: {
    200: json(FlightSchema, 'The flight'),
    ...refusals('validation-failed', 'not-found'),
  },
})

const status = createRoute({
  method: 'get',
  path: '/flights/{id}/status',
  tags,
  summary: 'Its status now, and how it came to it',
  request: { params: idParam },
  responses: {
    200: json(StatusSchema, 'The status'),
    ...refusals('validation-failed', 'not-found'),
  },
})

const statusEvents = createRoute({
  method: 'get',
  path: '/flights/{id}/status/events',
  tags,
  summary: 'Its status as server-sent events: now, and at each change',
  request: { params: idParam },
  responses: {
    200: {
      description: 'Events named `status`, id = seq, data = FlightStatus',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...refusals('validation-failed', 'not-found'),
  },
})

export type Needs = SearchNeeds & { statusFeed: StatusFeed; ending: () => AbortSignal }

export const flightsRoutes = (needs: Needs) =>
  router()
    .openapi(airports, async (c) => {
      const found = await listAirports(needs, c.req.valid('query').query.trim())
      return c.json({ airports: found }, 200)
    })
    .openapi(search, async (c) => {
      const found = await searchFlights(needs, c.req.valid('query')).catch(countRefused)
      countSearch(found.flights.length)
      return c.json(found, 200)
    })
    .openapi(days, async (c) => c.json({ days: await listDays(needs, c.req.valid('query')) }, 200))
    .openapi(promotion, async (c) => c.json({ promotion: await needs.promotionOnShow() }, 200))
    .openapi(statuses, async (c) =>
      c.json({ flights: await listStatuses(needs, c.req.valid('query')) }, 200),
    )
    .openapi(one, async (c) => {
      const flight = await findFlight(needs, c.req.valid('param').id)
      if (!flight) throw noSuchFlight()
      return c.json(flight, 200)
    })
    .openapi(status, async (c) => c.json(await statusOf(needs, c), 200))
    .openapi(statusEvents, async (c) => {
      const first = await statusOf(needs, c)
      return streamStatus(c, needs, first)
    })

const statusOf = async (needs: Needs, c: Context<ApiEnv>) => {
  const found = await findStatus(needs, c.req.param('id') ?? '')
  if (!found) throw noSuchFlight()
  return found
}

const noSuchFlight = () => new Problem('not-found', 'There is no such flight.')
