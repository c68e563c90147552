import { z } from '@hono/zod-openapi'
import { MoneySchema, timestamp } from '../../kernel/api.ts'
import { LineSchema } from './schemas.ts'

const rules = z.array(
  z.object({
    flight_id: z.uuid(),
    code: z.string(),
    name_es: z.string(),
    name_en: z.string(),
    retained: z.int().openapi({ description: 'What this rule keeps, in minor units' }),
    applied: z.boolean().openapi({ description: 'The best for the passenger is' }),
  }),
)

export const CancellationQuoteSchema = z
  .object({
    id: z.uuid(),
    booking_id: z.uuid(),
    status: z.string(),
    lines: z.array(LineSchema),
    rules,
    refund: MoneySchema,
    retained: MoneySchema,
    expires_at: timestamp(),
  })
  .openapi('CancellationQuote')

export const ChangeQuoteSchema = z
  .object({
    id: z.uuid(),
    booking_id: z.uuid(),
    status: z.string(),
    offer_id: z.uuid(),
    removed_flight_ids: z.array(z.uuid()),
    lines: z.array(LineSchema),
    rules,
    change_total: MoneySchema.openapi({ description: 'To pay; to get back when negative' }),
    expires_at: timestamp(),
  })
  .openapi('ChangeQuote')

export const AskChangeSchema = z.strictObject({
  offer_id: z
    .uuid()
    .openapi({ description: 'An offer for the new flights and the same passengers' }),
  remove_flight_ids: z.array(z.uuid().toLowerCase()).min(1).max(4),
})
