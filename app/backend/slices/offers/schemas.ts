import { z } from '@hono/zod-openapi'
import { MoneySchema, day, timestamp } from '../../kernel/api.ts'

export const cabin = z.enum(['economy', 'premium_economy', 'business', 'first'])

export const residency = z
  .string()
  .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'A country or region by ISO 3166, such as CO-SAP.')
  .openapi({ example: 'CO-SAP', description: 'Where the passenger lives; residents may be exempt' })

export const LineSchema = z
  .object({
    kind: z.enum(['fare', 'discount', 'service', 'tax', 'penalty']),
    code: z.string(),
    passenger: z.int().nullable().openapi({ description: 'Ordinal; null: of the whole booking' }),
    flight_id: z.uuid().nullable(),
    quantity: z.int(),
    amount: z.int().openapi({ description: 'Signed, in minor units' }),
    currency: z.string(),
    refundable: z.boolean(),
    rule_id: z.string().nullable(),
    rule_version: z.int().nullable(),
    name_es: z.string(),
    name_en: z.string(),
  })
  .openapi('Line')

export const AskOfferSchema = z.strictObject({
  slices: z
    .array(z.strictObject({ flight_id: z.uuid().toLowerCase(), cabin: cabin.default('economy') }))
    .min(1)
    .max(4)
    .refine((slices) => new Set(slices.map((s) => s.flight_id)).size === slices.length, {
      message: 'Each flight once.',
    })
    .openapi({ description: 'In the order in which they are flown' }),
  passengers: z
    .array(z.strictObject({ born_on: day(), resident_of: residency.optional() }))
    .min(1)
    .max(9),
  pets: z.int().min(0).max(6).default(0),
  promotion_code: z
    .string()
    .regex(/^[A-Za-z0-9]{3,20}$/, 'Three to twenty letters and digits.')
    .optional(),
  seat_hold_ids: z.array(z.uuid().toLowerCase()).max(4).default([]),
})

export const OfferSchema = z
  .object({
    id: z.uuid(),
    slices: z.array(
      z.object({
        flight_id: z.uuid(),
        flight_number: z.string(),
        cabin,
        origin: z.string(),
        destination: z.string(),
        departure_date: day(),
        departs_at: timestamp(),
        arrives_at: timestamp(),
        seats: z
          .array(z.string())
          .openapi({ description: 'Held seats, for the passengers in order' }),
      }),
    ),
    passengers: z.array(
      z.object({
        ordinal: z.int(),
        type: z.enum(['adult', 'child', 'infant_without_seat']),
        born_on: day(),
        resident_of: z.string().nullable(),
      }),
    ),
    pets: z.int(),
    promotion_code: z.string().nullable(),
    lines: z.array(LineSchema),
    total: MoneySchema,
    quote_hash: z.string().openapi({ description: 'Send it back to book exactly this' }),
    expires_at: timestamp(),
  })
  .openapi('Offer')

export type OfferBody = z.infer<typeof OfferSchema>

export const SharesSchema = z
  .object({
    child_percent: z.number().openapi({ description: "Of an adult's fare", example: 75 }),
    infant_percent: z.number().openapi({ description: "Of an adult's fare", example: 10 }),
    pet_fee: MoneySchema.openapi({ description: 'For each pet on each flight' }),
  })
  .openapi('Shares')
