import { createRoute } from '@hono/zod-openapi'
import { body, idParam, json, refusals, router, withBody, withKey } from '../../kernel/api.ts'
import { idempotencyHeader, once } from '../../kernel/idempotency.ts'
import type { Currency } from '../../kernel/money.ts'
import { Problem } from '../../kernel/problems.ts'
import { createOffer } from './commands/create-offer.ts'
import type { Needs } from './commands/create-offer.ts'
import type { Offer } from './events.ts'
import { countQuoted, countRefused } from './metrics.ts'
import { findOffer } from './queries/find-offer.ts'
import { findShares } from './queries/find-shares.ts'
import { AskOfferSchema, OfferSchema, SharesSchema } from './schemas.ts'

const tags = ['offers']

const create = createRoute({
  method: 'post',
  path: '/offers',
  tags,
  summary: 'Freeze a price for flights, passengers, pets and promotion: itemised, for 20 minutes',
  request: { headers: idempotencyHeader, body: body(AskOfferSchema) },
  responses: {
    201: json(OfferSchema, 'The offer'),
    ...refusals(
      ...withBody,
      ...withKey,
      'infant-without-adult',
      'sold-out',
      'flight-closed',
      'hold-expired',
    ),
  },
})

const shares = createRoute({
  method: 'get',
  path: '/offers/shares',
  tags,
  summary: 'What children, infants and pets pay, for an estimate before an offer',
  responses: { 200: json(SharesSchema, 'The same for every flight'), ...refusals() },
})

const one = createRoute({
  method: 'get',
  path: '/offers/{id}',
  tags,
  summary: 'An offer, while it lives',
  request: { params: idParam },
  responses: {
    200: json(OfferSchema, 'The offer'),
    ...refusals('validation-failed', 'not-found', 'offer-expired'),
  },
})

export const offersRoutes = (needs: Needs) =>
  router()
    .openapi(create, (c) =>
      once(c, needs.db, async (tx) => {
        const within = { ...needs, db: tx }
        const offer = await createOffer(within, c.req.valid('json')).catch(countRefused)
        tx.afterCommit(countQuoted)
        return { status: 201, body: shown(offer), headers: { Location: `/api/offers/${offer.id}` } }
      }),
    )
    .openapi(shares, (c) => c.json(findShares(), 200))
    .openapi(one, async (c) => {
      const offer = await findOffer(needs, c.req.valid('param').id)
      if (!offer) throw new Problem('not-found', 'There is no such offer.')
      if (offer.expires_at <= needs.clock()) throw new Problem('offer-expired')
      return c.json(shown(offer), 200)
    })

const shown = ({ slices, total_amount, currency, seat_hold_ids: _, ...offer }: Offer) => ({
  ...offer,
  slices: slices.map(
    ({ fare: _, arrival_date: __, origin_region, destination_region, ...slice }) => ({
      ...slice,
      cabin: slice.cabin as 'economy',
    }),
  ),
  total: { amount: total_amount, currency: currency as Currency },
})
