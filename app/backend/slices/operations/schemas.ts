import { z } from '@hono/zod-openapi'
import { day, timestamp } from '../../kernel/api.ts'

const name = z.string().trim().min(3).max(200)
const reason = z.string().trim().min(3).max(300).optional()

const taxContent = {
  name_es: name,
  name_en: name,
  jurisdiction: z
    .string()
    .regex(/^([A-Z]{2}|[A-Z]{2}-[A-Z0-9]{1,3}|[A-Z]{3})$/, 'A country, a region or an airport.')
    .openapi({ example: 'CO-SAP' }),
  trigger: z.enum(['arrival', 'departure']),
  amount: z.int().min(1).max(1_000_000_000_000).nullable().default(null),
  basis_points: z.int().min(1).max(10_000).nullable().default(null),
  currency: z.enum(['COP']).default('COP'),
  min_age: z.int().min(0).max(150).default(0),
  max_age: z.int().min(0).max(150).nullable().default(null),
  exempt_residents: z.boolean().default(false),
  exempt_infants: z.boolean().default(true),
  market: z.enum(['any', 'domestic', 'international']).default('any'),
  refundable: z.boolean().default(true),
  collected_by: z.enum(['airline', 'destination']).default('airline'),
  valid_from: day(),
  valid_to: day().nullable().default(null),
  source: z.string().max(500).nullable().default(null),
}

type TaxLike = {
  amount: number | null
  basis_points: number | null
  min_age: number
  max_age: number | null
  valid_from: string
  valid_to: string | null
}

const oneAmount = ({ amount, basis_points }: TaxLike) =>
  (amount === null) !== (basis_points === null)
const agesInOrder = ({ min_age, max_age }: TaxLike) => max_age === null || min_age <= max_age
const daysInOrder = ({ valid_from, valid_to }: TaxLike) =>
  valid_to === null || valid_from <= valid_to

const consistent = <Schema extends z.ZodType<TaxLike>>(schema: Schema) =>
  schema
    .refine(oneAmount, { message: 'Either an amount or basis points.', path: ['amount'] })
    .refine(agesInOrder, { message: 'max_age is below min_age.', path: ['max_age'] })
    .refine(daysInOrder, { message: 'valid_to is before valid_from.', path: ['valid_to'] })

const taxCode = z.string().regex(/^[A-Z][A-Z0-9_]{2,40}$/, 'Capitals, digits and underscores.')

export const NewTaxSchema = consistent(z.strictObject({ code: taxCode, ...taxContent, reason }))
export const TaxContentSchema = consistent(z.strictObject({ ...taxContent, reason }))

export const TaxSchema = z
  .object({ id: z.uuid(), code: taxCode, ...taxContent, version: z.int() })
  .openapi('DestinationTax')

const promotionContent = {
  name_es: name,
  name_en: name,
  basis_points: z.int().min(1).max(5_000).default(1_000).openapi({ description: '1000 is 10 %' }),
  valid_from: timestamp(),
  valid_to: timestamp(),
  is_public: z.boolean().default(false),
}

const inOrder = ({ valid_from, valid_to }: { valid_from: string; valid_to: string }) =>
  Date.parse(valid_from) < Date.parse(valid_to)
const order = { message: 'valid_to is not after valid_from.', path: ['valid_to'] }
const promotionCode = z.string().regex(/^[A-Z0-9]{3,20}$/, 'Three to twenty capitals and digits.')

export const NewPromotionSchema = z
  .strictObject({ code: promotionCode, ...promotionContent, reason })
  .refine(inOrder, order)
export const PromotionContentSchema = z
  .strictObject({ ...promotionContent, reason })
  .refine(inOrder, order)

export const PromotionSchema = z
  .object({ id: z.uuid(), code: promotionCode, ...promotionContent, version: z.int() })
  .openapi('Promotion')

export const StatusReportSchema = z.strictObject({
  source: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,40}$/, 'Lower-case letters, digits and hyphens.')
    .openapi({ example: 'tower-bog', description: 'Who reports' }),
  source_seq: z.int().min(0).openapi({ description: 'Grows with each report of that source' }),
  status: z.enum([
    'scheduled',
    'delayed',
    'check_in',
    'boarding',
    'gate_closed',
    'departed',
    'en_route',
    'arrived',
    'diverted',
    'cancelled',
  ]),
  delay_minutes: z.int().min(0).max(2_880).default(0),
  gate: z
    .string()
    .regex(/^[A-Z0-9]{1,5}$/, 'Capitals and digits.')
    .optional(),
  reason: z.string().trim().max(200).optional(),
})
