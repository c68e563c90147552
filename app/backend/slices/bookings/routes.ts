import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  body,
  idParam,
  json,
  refusals,
  router,
  target,
  withBody,
  withKey,
} from '../../kernel/api.ts'
import type { ApiEnv } from '../../kernel/api.ts'
import { idempotencyHeader, once } from '../../kernel/idempotency.ts'
import { accountOf, identified, withAccount } from '../../kernel/principal.ts'
import { placeBooking } from './commands/place-booking.ts'
import type { Needs as PlaceNeeds } from './commands/place-booking.ts'
import { lookUp, mailCode, takeCode } from './lookup.ts'
import type { Needs as LookupNeeds } from './lookup.ts'
import { countRefused } from './metrics.ts'
import { findBooking } from './queries/find-booking.ts'
import type { Needs as FindNeeds } from './queries/find-booking.ts'
import { findMasked } from './queries/find-masked.ts'
import { listBookings } from './queries/list-bookings.ts'
import {
  BookingSchema,
  ListedSchema,
  LookupSchema,
  MaskedSchema,
  PlaceBookingSchema,
  PlacedSchema,
} from './schemas.ts'

const tags = ['bookings']

const place = createRoute({
  method: 'post',
  path: '/bookings',
  tags,
  summary: 'Book an offer: claims its seats at once, all or none, and waits for payment',
  ...target(1_500),
  request: { headers: idempotencyHeader, body: body(PlaceBookingSchema) },
  responses: {
    201: json(PlacedSchema, 'Booked, to be paid by payment_required_by'),
    ...refusals(
      ...withBody,
      ...withKey,
      'price-changed',
      'offer-expired',
      'offer-used',
      'sold-out',
      'capacity-pets',
      'capacity-infants',
      'hold-expired',
      'flight-closed',
      'not-found',
    ),
  },
})

const list = createRoute({
  method: 'get',
  path: '/bookings',
  tags,
  summary: 'My bookings, newest first',
  ...withAccount,
  request: {
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(200).default(50),
      after: z.string().max(200).optional(),
    }),
  },
  responses: {
    200: json(
      z.object({
        bookings: z.array(ListedSchema),
        meta: z.object({ limit: z.int(), after: z.string().nullable() }),
      }),
      'A page',
    ),
    ...refusals('validation-failed', 'unauthenticated', 'forbidden'),
  },
})

const one = createRoute({
  method: 'get',
  path: '/bookings/{id}',
  tags,
  summary: 'A booking, whole',
  ...identified,
  request: { params: idParam },
  responses: {
    200: {
      ...json(BookingSchema, 'The booking'),
      headers: z.object({ ETag: z.string().openapi({ example: '"v3"' }) }),
    },
    ...refusals('validation-failed', 'unauthenticated', 'not-found'),
  },
})

const lookup = createRoute({
  method: 'post',
  path: '/bookings/lookup',
  tags,
  summary: 'A guest’s booking by reference and family name: a masked view',
  request: { body: body(LookupSchema) },
  responses: {
    200: json(MaskedSchema, 'Where it goes and how it stands; nobody’s data'),
    ...refusals(...withBody, 'not-found', 'rate-limited'),
  },
})

const sendCode = createRoute({
  method: 'post',
  path: '/bookings/lookup/codes',
  tags,
  summary: 'Mail a one-time code to the address of the booking',
  request: { body: body(LookupSchema) },
  responses: {
    202: json(z.object({ sent: z.literal(true) }), 'On its way'),
    ...refusals(...withBody, 'not-found', 'rate-limited'),
  },
})

const openWithCode = createRoute({
  method: 'post',
  path: '/bookings/lookup/access-tokens',
  tags,
  summary: 'Open the booking with the mailed code',
  request: {
    body: body(LookupSchema.extend({ code: z.string().regex(/^\d{6}$/, 'Six digits.') })),
  },
  responses: {
    201: json(
      z.object({ booking_id: z.uuid(), access_token: z.string() }),
      'A bearer token for this booking alone',
    ),
    ...refusals(...withBody, 'not-found', 'rate-limited', 'code-expired'),
  },
})

export type Needs = PlaceNeeds &
  FindNeeds &
  LookupNeeds & {
    addressOf: (c: Context<ApiEnv>) => string
    issueAccessToken: (booking: { booking_id: string; placed_at: Date }) => string
  }

export const bookingsRoutes = (needs: Needs) =>
  router()
    .openapi(place, (c) =>
      once(c, needs.db, async (tx) => {
        const who = c.var.principal
        const within = { ...needs, db: tx }
        const placed = await placeBooking(within, c.req.valid('json'), who).catch(countRefused)
        const access_token =
          who.kind === 'account'
            ? undefined
            : needs.issueAccessToken({ booking_id: placed.id, placed_at: placed.placed_at })
        return {
          status: 201,
          body: { ...placed, ...(access_token && { access_token }) },
          headers: { Location: `/api/bookings/${placed.id}`, ETag: '"v1"' },
        }
      }),
    )
    .openapi(list, async (c) => {
      const { id: account_id } = accountOf(c.var.principal)
      return c.json(await listBookings(needs, { account_id, ...c.req.valid('query') }), 200)
    })
    .openapi(one, async (c) => {
      const booking = await findBooking(needs, c.req.valid('param').id, c.var.principal)
      return c.json(booking, 200, { ETag: `"v${booking.version}"`, 'Cache-Control': 'no-store' })
    })
    .openapi(lookup, async (c) => {
      const found = await lookUp(needs, c.req.valid('json'), needs.addressOf(c))
      return c.json(await findMasked(needs, found.id), 200)
    })
    .openapi(sendCode, async (c) => {
      const found = await lookUp(needs, c.req.valid('json'), needs.addressOf(c))
      await mailCode(needs, found)
      return c.json({ sent: true as const }, 202)
    })
    .openapi(openWithCode, async (c) => {
      const { code, ...who } = c.req.valid('json')
      const found = await lookUp(needs, who, needs.addressOf(c))
      await takeCode(needs, found, code)
      const access_token = needs.issueAccessToken({
        booking_id: found.id,
        placed_at: needs.clock(),
      })
      return c.json({ booking_id: found.id, access_token }, 201)
    })
