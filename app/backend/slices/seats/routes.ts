import { createRoute, z } from '@hono/zod-openapi'
import {
  body,
  idParam,
  json,
  refusals,
  router,
  timestamp,
  withBody,
  withKey,
} from '../../kernel/api.ts'
import type { Database } from '../../kernel/database.ts'
import { idempotencyHeader, once } from '../../kernel/idempotency.ts'
import { Problem } from '../../kernel/problems.ts'
import { extendHold, holdSeats } from './commands/hold-seats.ts'
import { releaseHold } from './commands/release-hold.ts'
import { cabins } from './layout.ts'
import { countHeld, countRefused } from './metrics.ts'
import { findSeatMap } from './queries/find-seat-map.ts'

const tags = ['seats']

const HoldSchema = z
  .object({
    id: z.uuid().openapi({ description: 'Whoever knows it may use, extend and release the hold' }),
    flight_id: z.uuid(),
    seats: z.array(z.string()),
    expires_at: timestamp(),
    extendable_until: timestamp(),
  })
  .openapi('SeatHold')

const SeatMapSchema = z
  .object({
    flight_id: z.uuid(),
    aircraft_code: z.string(),
    infant_places_left: z.int(),
    pet_places_left: z.int(),
    cabins: z.array(
      z.object({
        cabin: z.enum(cabins),
        columns: z.string().openapi({ example: 'ABC DEF', description: 'A space is an aisle' }),
        rows: z.array(
          z.object({
            row: z.int(),
            exit_row: z.boolean(),
            seats: z.array(
              z.object({
                seat: z.string(),
                column: z.string(),
                status: z.enum(['available', 'held', 'sold', 'blocked']),
              }),
            ),
          }),
        ),
      }),
    ),
  })
  .openapi('SeatMap')

const seatMap = createRoute({
  method: 'get',
  path: '/flights/{id}/seats',
  tags,
  summary: 'The seat map: the real layout, and what can be had now',
  request: { params: idParam },
  responses: {
    200: json(SeatMapSchema, 'The map'),
    ...refusals('validation-failed', 'not-found'),
  },
})

const hold = createRoute({
  method: 'post',
  path: '/seat-holds',
  tags,
  summary: 'Hold named seats while the passenger decides: all of them, or none',
  request: {
    headers: idempotencyHeader,
    body: body(
      z.strictObject({
        flight_id: z.uuid(),
        seats: z
          .array(z.string().regex(/^[1-9][0-9]?[A-Z]$/, 'A seat like 12A.'))
          .min(1)
          .max(9)
          .openapi({ example: ['12A', '12B'] }),
      }),
    ),
  },
  responses: {
    201: json(HoldSchema, 'Held'),
    ...refusals(...withBody, ...withKey, 'not-found', 'seat-unavailable', 'flight-closed'),
  },
})

const extend = createRoute({
  method: 'post',
  path: '/seat-holds/{id}/extend',
  tags,
  summary: 'Begin the time of a hold anew',
  request: { headers: idempotencyHeader, params: idParam },
  responses: {
    200: json(HoldSchema, 'Extended'),
    ...refusals('validation-failed', ...withKey, 'hold-expired'),
  },
})

const release = createRoute({
  method: 'delete',
  path: '/seat-holds/{id}',
  tags,
  summary: 'Let the seats go',
  request: { params: idParam },
  responses: {
    204: { description: 'Nothing is held by it any more' },
    ...refusals('validation-failed'),
  },
})

export const seatsRoutes = (needs: { db: Database }) =>
  router()
    .openapi(seatMap, async (c) => {
      const map = await findSeatMap(needs, c.req.valid('param').id)
      if (!map) throw new Problem('not-found', 'There is no such flight.')
      return c.json(map, 200)
    })
    .openapi(hold, (c) =>
      once(c, needs.db, async (tx) => {
        const held = await holdSeats({ db: tx }, c.req.valid('json')).catch(countRefused)
        tx.afterCommit(countHeld)
        return { status: 201, body: held, headers: { Location: `/api/seat-holds/${held.id}` } }
      }),
    )
    .openapi(extend, (c) =>
      once(c, needs.db, async (tx) => ({
        status: 200,
        body: await extendHold({ db: tx }, c.req.valid('param').id),
      })),
    )
    .openapi(release, async (c) => {
      await releaseHold(needs, c.req.valid('param').id)
      return c.body(null, 204)
    })
