import { z } from '@hono/zod-openapi'
import { MoneySchema, timestamp } from '../../kernel/api.ts'
import type { Currency } from '../../kernel/money.ts'
import { Problem } from '../../kernel/problems.ts'
import type { Payment } from './commands/start-payment.ts'

export const MethodSchema = z
  .strictObject({
    type: z.literal('card'),
    token: z
      .string()
      .regex(/^[A-Za-z0-9_-]{3,200}$/, 'A token of the payment channel.')
      .openapi({
        example: 'tok_approved',
        description: 'From the payment channel; never a card number',
      }),
  })
  .openapi('PaymentMethod')

export const PaymentSchema = z
  .object({
    id: z.uuid(),
    booking_id: z.uuid(),
    purpose: z.enum(['booking', 'change']),
    status: z.enum(['processing', 'captured', 'failed']),
    total: MoneySchema,
    created_at: timestamp(),
  })
  .openapi('Payment')

/** 201 when the money has come, 202 while it is on its way, 402 when it will not come. */
export const answerOf = (payment: Payment) => {
  if (payment.status === 'failed') throw declined(payment)
  const { id, booking_id, purpose, status, amount, created_at } = payment
  const total = { amount, currency: payment.currency as Currency }
  const body = { id, booking_id, purpose, status, total, created_at }
  return status === 'captured' ? { status: 201 as const, body } : { status: 202 as const, body }
}

const declined = ({ id, decline_code }: Payment) =>
  new Problem('payment-declined', 'Nothing was charged. Try again or use another card.', {
    members: { payment_id: id, decline_code },
  })

/** A declined card is the final answer to its key; another try takes another key. */
export const isDeclined = ({ slug }: Problem) => slug === 'payment-declined'
