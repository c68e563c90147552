import { z } from '@hono/zod-openapi'
import { MoneySchema, day, timestamp } from '../../kernel/api.ts'
import { bookingStatuses } from './events.ts'

const status = z.enum(bookingStatuses)

// What an airline can print and a border officer can read: letters of any script, and what joins them.
// A letter comes first: without one a look-up by family name would have nothing to compare.
export const personName = () =>
  z
    .string()
    .trim()
    .min(1)
    .max(80)
    .regex(/^['’]?\p{L}[\p{L}\p{M}' .’-]*$/u, 'Letters, spaces, apostrophes and hyphens.')

const DocumentSchema = z.strictObject({
  type: z.enum(['passport', 'identity_card', 'birth_certificate']).default('identity_card'),
  number: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9-]{3,30}$/, 'Letters, digits and hyphens, 3 to 30.'),
  issuing_country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'A country by ISO 3166-1.')
    .default('CO'),
  expires_on: day().optional(),
})

export const bookingReference = () =>
  z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-HJKMNP-Z2-9]{6}$/, 'Six letters and digits; never 0, O, 1, I or L.')
    .openapi({ example: 'K7PM3X' })

export const PlaceBookingSchema = z.strictObject({
  offer_id: z.uuid(),
  quote_hash: z.string().max(128),
  contact: z.strictObject({
    email: z.email().max(254),
    phone: z
      .string()
      .regex(/^\+?[0-9 ()-]{6,24}$/, 'A telephone number.')
      .optional(),
  }),
  language: z.enum(['es', 'en']).default('es'),
  passengers: z
    .array(
      z.strictObject({
        given_name: personName(),
        family_name: personName(),
        born_on: day(),
        document: DocumentSchema,
      }),
    )
    .min(1)
    .max(9)
    .openapi({ description: 'In the order of the offer' }),
})

export const PlacedSchema = z
  .object({
    id: z.uuid(),
    booking_reference: bookingReference(),
    status,
    version: z.int(),
    total: MoneySchema,
    payment_required_by: timestamp(),
    placed_at: timestamp(),
    access_token: z.string().optional().openapi({
      description: 'For a guest: a bearer token that opens this booking and nothing else',
    }),
  })
  .openapi('PlacedBooking')

export const LineSchema = z
  .object({
    kind: z.enum(['fare', 'discount', 'service', 'tax', 'penalty']),
    code: z.string(),
    passenger: z.int().nullable(),
    flight_id: z.uuid().nullable(),
    quantity: z.int(),
    amount: z.int(),
    currency: z.string(),
    refundable: z.boolean(),
    rule_id: z.string().nullable(),
    rule_version: z.int().nullable(),
    name_es: z.string(),
    name_en: z.string(),
    reverses_line_id: z.int().nullable(),
  })
  .openapi('BookingLine')

const slice = {
  flight_id: z.uuid(),
  flight_number: z.string(),
  origin: z.string(),
  destination: z.string(),
  departs_at: timestamp(),
  status: z.string(),
}

export const BookingSchema = z
  .object({
    id: z.uuid(),
    booking_reference: bookingReference(),
    status,
    version: z.int(),
    available_actions: z.array(z.enum(['pay', 'cancel', 'change'])),
    total: MoneySchema,
    currency: z.string(),
    contact: z.object({ email: z.string(), phone: z.string().nullable() }),
    language: z.enum(['es', 'en']),
    pets: z.int(),
    placed_at: timestamp(),
    confirmed_at: timestamp().nullable(),
    payment_required_by: timestamp(),
    slices: z.array(
      z.object({
        ...slice,
        departure_date: day(),
        arrives_at: timestamp(),
        cabin: z.string(),
        seats: z.array(z.object({ passenger: z.int().nullable(), seat: z.string() })),
      }),
    ),
    passengers: z.array(
      z.object({
        ordinal: z.int(),
        type: z.enum(['adult', 'child', 'infant_without_seat']),
        given_name: z.string(),
        family_name: z.string(),
        born_on: day(),
        resident_of: z.string().nullable(),
        document: z.object({
          type: z.string(),
          issuing_country: z.string(),
          number_ends: z.string(),
        }),
      }),
    ),
    lines: z.array(LineSchema),
    payments: z.array(
      z.object({ id: z.uuid(), status: z.string(), amount: z.int(), created_at: timestamp() }),
    ),
    refunds: z.array(
      z.object({ id: z.uuid(), status: z.string(), amount: z.int(), reason: z.string() }),
    ),
  })
  .openapi('Booking')

export const ListedSchema = z
  .object({
    id: z.uuid(),
    booking_reference: bookingReference(),
    status,
    total: MoneySchema,
    placed_at: timestamp(),
    slices: z.array(z.object(slice)),
  })
  .openapi('ListedBooking')

export const LookupSchema = z.strictObject({
  booking_reference: bookingReference(),
  family_name: z.string().trim().min(1).max(80),
})

export const MaskedSchema = z
  .object({
    booking_reference: bookingReference(),
    status,
    email: z.string(),
    passengers: z.array(z.object({ ordinal: z.int(), name: z.string(), type: z.string() })),
    slices: z.array(z.object(slice)),
  })
  .openapi('MaskedBooking')
