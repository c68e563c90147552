import { createRoute, z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import {
  body,
  header,
  idParam,
  json,
  refusals,
  router,
  target,
  withBody,
  withKey,
} from '../../kernel/api.ts'
import type { ApiEnv } from '../../kernel/api.ts'
import { idempotencyHeader, onceWithPartner } from '../../kernel/idempotency.ts'
import { identified } from '../../kernel/principal.ts'
import { NoticeSchema, receiveNotice, verifySignature } from './commands/receive-notice.ts'
import { charge } from './commands/settle-payment.ts'
import { startPayment } from './commands/start-payment.ts'
import type { Needs as PaymentNeeds } from './commands/start-payment.ts'
import type { Gateway } from './gateway.ts'
import { MethodSchema, PaymentSchema, answerOf, isDeclined } from './schemas.ts'

const tags = ['payments']

export type Needs = PaymentNeeds & { gateway: Gateway; webhookSecret: string }

const pay = createRoute({
  method: 'post',
  path: '/bookings/{id}/payments',
  tags,
  summary: 'Pay a booking. A time-out is `processing`, never a failure, and never charges twice',
  ...target(1_500),
  ...identified,
  request: {
    headers: idempotencyHeader,
    params: idParam,
    body: body(z.strictObject({ method: MethodSchema })),
  },
  responses: {
    201: json(PaymentSchema, 'Captured: the booking is confirmed'),
    202: json(PaymentSchema, 'Processing: it settles by itself; read the booking'),
    ...refusals(
      ...withBody,
      ...withKey,
      'unauthenticated',
      'not-found',
      'payment-declined',
      'payment-pending',
      'booking-state-conflict',
      'hold-expired',
    ),
  },
})

// Before the body is read as anything: who cannot sign learns nothing about what we accept.
const signed =
  ({ webhookSecret, clock }: Needs): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    const header = c.req.header('aeroflash-gateway-signature')
    verifySignature(webhookSecret, { header, body: await c.req.text(), now: clock() })
    await next()
  }

const notice = (needs: Needs) =>
  createRoute({
    method: 'post',
    path: '/payments/webhooks/gateway',
    tags,
    summary: 'For the payment channel: what became of a charge, signed',
    middleware: signed(needs),
    request: {
      headers: z.object({ 'aeroflash-gateway-signature': header() }),
      body: body(NoticeSchema),
    },
    responses: {
      204: { description: 'Taken; telling it again changes nothing' },
      ...refusals(...withBody, 'unauthenticated'),
    },
  })

export const paymentsRoutes = (needs: Needs) =>
  router()
    .openapi(pay, (c) => {
      const { method } = c.req.valid('json')
      const subject_id = c.req.valid('param').id
      const who = c.var.principal
      return onceWithPartner(c, needs.db, {
        start: (tx) => startPayment({ ...needs, db: tx }, { purpose: 'booking', subject_id, who }),
        act: async (payment_id) =>
          answerOf(await charge(needs, { payment_id, token: method.token })),
        isFinal: isDeclined,
      })
    })
    .openapi(notice(needs), async (c) => {
      await receiveNotice(needs, c.req.valid('json'))
      return c.body(null, 204)
    })
