import { createRoute, z } from '@hono/zod-openapi'
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
import type { Database } from '../../kernel/database.ts'
import { idempotencyHeader, once, onceWithPartner } from '../../kernel/idempotency.ts'
import type { Currency } from '../../kernel/money.ts'
import { identified } from '../../kernel/principal.ts'
import type { Principal } from '../../kernel/principal.ts'
import type { Problem } from '../../kernel/problems.ts'
import { confirmCancellation } from './commands/confirm-cancellation.ts'
import { confirmFreeChange, findChangeQuote, lockQuote } from './commands/confirm-change.ts'
import type { Needs as ChangeNeeds } from './commands/confirm-change.ts'
import { quoteCancellation } from './commands/quote-cancellation.ts'
import type { CancellationQuote } from './commands/quote-cancellation.ts'
import { quoteChange } from './commands/quote-change.ts'
import type { ChangeQuote, Needs as QuoteNeeds } from './commands/quote-change.ts'
import { AskChangeSchema, CancellationQuoteSchema, ChangeQuoteSchema } from './quote-schemas.ts'

const tags = ['bookings']

const askCancellation = createRoute({
  method: 'post',
  path: '/bookings/{id}/cancellation-quotes',
  tags,
  summary: 'What cancelling would give back: every line and every rule',
  ...identified,
  request: { headers: idempotencyHeader, params: idParam },
  responses: {
    201: json(CancellationQuoteSchema, 'The quote; only the newest of a booking can be confirmed'),
    ...refusals(
      'validation-failed',
      ...withKey,
      'unauthenticated',
      'not-found',
      'booking-state-conflict',
      'payment-pending',
      'not-refundable',
    ),
  },
})

const cancel = createRoute({
  method: 'post',
  path: '/cancellation-quotes/{id}/confirm',
  tags,
  summary: 'Cancel as quoted: seats go back at once, money is on its way',
  ...target(1_500),
  ...identified,
  request: { headers: idempotencyHeader, params: idParam },
  responses: {
    200: json(CancellationQuoteSchema, 'Cancelled'),
    ...refusals(
      'validation-failed',
      ...withKey,
      'unauthenticated',
      'not-found',
      'booking-state-conflict',
      'payment-pending',
      'quote-superseded',
      'quote-expired',
      'refund-exceeds-captured',
    ),
  },
})

const askChange = createRoute({
  method: 'post',
  path: '/bookings/{id}/change-quotes',
  tags,
  summary: 'Other flights for some of the booking’s: what there is to pay or to get back',
  ...identified,
  request: { headers: idempotencyHeader, params: idParam, body: body(AskChangeSchema) },
  responses: {
    201: json(ChangeQuoteSchema, 'The quote; only the newest of a booking can be confirmed'),
    ...refusals(
      ...withBody,
      ...withKey,
      'unauthenticated',
      'not-found',
      'booking-state-conflict',
      'payment-pending',
      'offer-expired',
      'not-refundable',
    ),
  },
})

export type Needs = QuoteNeeds &
  ChangeNeeds & {
    /** The schemas and steps of paying a surcharge, from the payments slice. */
    surcharge: Surcharge
  }

type Paid = { status: 201 | 202; body: object }
export type Surcharge = {
  methodSchema: z.ZodType<{ type: 'card'; token: string }>
  start: (tx: Database, quote_id: string, who: Principal) => Promise<string>
  act: (payment_id: string, token: string) => Promise<Paid>
  isFinal: (problem: Problem) => boolean
}

const change = (methodSchema: Surcharge['methodSchema']) =>
  createRoute({
    method: 'post',
    path: '/change-quotes/{id}/confirm',
    tags,
    summary: 'Change as quoted; a surcharge is paid first, and the old flights stay until it is',
    ...target(1_500),
    ...identified,
    request: {
      headers: idempotencyHeader,
      params: idParam,
      body: body(z.strictObject({ method: methodSchema.optional() })),
    },
    responses: {
      200: json(ChangeQuoteSchema, 'Changed'),
      202: json(ChangeQuoteSchema, 'The surcharge is being settled; read the booking'),
      ...refusals(
        ...withBody,
        ...withKey,
        'unauthenticated',
        'not-found',
        'booking-state-conflict',
        'payment-declined',
        'payment-pending',
        'quote-superseded',
        'quote-expired',
        'seat-unavailable',
        'sold-out',
        'capacity-pets',
        'capacity-infants',
        'hold-expired',
        'flight-closed',
      ),
    },
  })

export const quoteRoutes = (needs: Needs) =>
  router()
    .openapi(askCancellation, (c) =>
      once(c, needs.db, async (tx) => {
        const asked = { booking_id: c.req.valid('param').id, who: c.var.principal }
        return { status: 201, body: shown(await quoteCancellation({ ...needs, db: tx }, asked)) }
      }),
    )
    .openapi(cancel, (c) =>
      once(c, needs.db, async (tx) => {
        const asked = { quote_id: c.req.valid('param').id, who: c.var.principal }
        return { status: 200, body: shown(await confirmCancellation({ ...needs, db: tx }, asked)) }
      }),
    )
    .openapi(askChange, (c) =>
      once(c, needs.db, async (tx) => {
        const asked = { booking_id: c.req.valid('param').id, ...c.req.valid('json') }
        const quote = await quoteChange({ ...needs, db: tx }, asked, c.var.principal)
        return { status: 201, body: changeShown(quote) }
      }),
    )
    .openapi(change(needs.surcharge.methodSchema), async (c) => {
      const quote_id = c.req.valid('param').id
      const who = c.var.principal
      const { method } = c.req.valid('json')
      const { change_total } = await findChangeQuote(needs.db, quote_id)
      const read = async () => changeShown(await lockQuote(needs.db, quote_id))
      if (change_total <= 0 || !method)
        return once(c, needs.db, async (tx) => {
          await confirmFreeChange({ ...needs, db: tx }, { quote_id, who })
          return { status: 200, body: changeShown(await lockQuote(tx, quote_id)) }
        })
      const { start, act, isFinal } = needs.surcharge
      return onceWithPartner<Awaited<ReturnType<typeof read>>, 200 | 202>(c, needs.db, {
        start: (tx) => start(tx, quote_id, who),
        act: async (payment_id) => {
          const { status } = await act(payment_id, method.token)
          return { status: status === 201 ? 200 : 202, body: await read() }
        },
        isFinal,
      })
    })

const shown = (quote: CancellationQuote) => {
  const { booking_version: _, refund_amount, retained_amount, currency, ...rest } = quote
  const money = (amount: number) => ({ amount, currency: currency as Currency })
  return { ...rest, refund: money(refund_amount), retained: money(retained_amount) }
}

const changeShown = (quote: ChangeQuote) => {
  const { booking_version: _, hold_id: __, change_total: amount, currency, ...rest } = quote
  return { ...rest, change_total: { amount, currency: currency as Currency } }
}
