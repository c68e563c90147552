import { createHash } from 'node:crypto'
import type { Currency, Money } from '../../kernel/money.ts'
import { share, sumOf } from '../../kernel/money.ts'
import type { OfferedPassenger, PassengerType } from './passengers.ts'
import { petLines, sweets } from './services.ts'
import { taxesOn } from './taxes.ts'
import type { TaxRule } from './taxes.ts'

export type LineKind = 'fare' | 'discount' | 'service' | 'tax' | 'penalty'

/** One reason to pay or be paid; `amount` is signed, in minor units. */
export type Line = {
  kind: LineKind
  code: string
  /** Ordinal of the passenger; null for what belongs to the booking, such as a pet. */
  passenger: number | null
  flight_id: string
  quantity: number
  amount: number
  currency: Currency
  refundable: boolean
  rule_id: string | null
  rule_version: number | null
  name_es: string
  name_en: string
}

export type PricedSlice = {
  flight_id: string
  flight_number: string
  cabin: string
  departure_date: string
  arrival_date: string
  origin: string
  origin_region: string
  destination: string
  destination_region: string
  /** The fare of one adult, frozen for the life of the offer. */
  fare: Money
}

export type Promotion = {
  id: string
  code: string
  basis_points: number
  version: number
  name_es: string
  name_en: string
}

export type QuoteInput = {
  slices: PricedSlice[]
  passengers: OfferedPassenger[]
  pets: number
  promotion: Promotion | null
  taxes: TaxRule[]
}

export type Quote = { lines: Line[]; total: Money; quote_hash: string }

/** Shares of an adult's fare, in basis points. */
export const typeFactor: Record<PassengerType, number> = {
  adult: 10_000,
  child: 7_500,
  infant_without_seat: 1_000,
}

const typeNames: Record<PassengerType, [string, string]> = {
  adult: ['adulto', 'adult'],
  child: ['niño', 'child'],
  infant_without_seat: ['infante en brazos', 'lap infant'],
}

/**
 * The price, and nothing but its inputs: the same input gives the same bytes. Promotions reduce fares
 * only; taxes come on top; the total is the sum of the lines and is never worked out another way.
 */
export const quote = (input: QuoteInput): Quote => {
  const lines = input.slices
    .flatMap((slice) => [
      ...input.passengers.flatMap((passenger) => linesOf(input, slice, passenger)),
      ...petLines(slice, input.pets),
    ])
    .toSorted(byPlace(input.slices))
  const total: Money = { amount: sumOf(lines.map(({ amount }) => amount)), currency: 'COP' }
  return { lines, total, quote_hash: hashOf({ lines, total, passengers: input.passengers }) }
}

const linesOf = (
  { promotion, taxes }: QuoteInput,
  slice: PricedSlice,
  passenger: OfferedPassenger,
): Line[] => {
  const fare = fareLine(slice, passenger)
  const discount = promotion ? discountLine(fare, promotion) : undefined
  const paid = fare.amount + (discount?.amount ?? 0)
  const taxLines = taxesOn({ rules: taxes, slice, passenger, fare: paid }).map(
    ({ rule, amount }) => ({
      ...fare,
      kind: 'tax' as const,
      code: rule.code,
      amount,
      refundable: rule.refundable,
      rule_id: rule.id,
      rule_version: rule.version,
      name_es: rule.name_es,
      name_en: rule.name_en,
    }),
  )
  return [fare, ...(discount ? [discount] : []), ...taxLines, ...sweets(slice, passenger)]
}

const fareLine = (slice: PricedSlice, { ordinal, type }: OfferedPassenger): Line => {
  const [es, en] = typeNames[type]
  const route = `${slice.origin}–${slice.destination}`
  return {
    kind: 'fare',
    code: 'FARE',
    passenger: ordinal,
    flight_id: slice.flight_id,
    quantity: 1,
    amount: share(slice.fare.amount, typeFactor[type], slice.fare.currency),
    currency: slice.fare.currency,
    refundable: true,
    rule_id: null,
    rule_version: null,
    name_es: `Tarifa ${es} ${route}`,
    name_en: `Fare ${en} ${route}`,
  }
}

const discountLine = (fare: Line, promotion: Promotion): Line => ({
  ...fare,
  kind: 'discount',
  code: promotion.code,
  amount: -share(fare.amount, promotion.basis_points, fare.currency),
  rule_id: promotion.id,
  rule_version: promotion.version,
  name_es: promotion.name_es,
  name_en: promotion.name_en,
})

const kindOrder: LineKind[] = ['fare', 'discount', 'service', 'tax', 'penalty']

const byPlace = (slices: PricedSlice[]) => {
  const place = new Map(slices.map(({ flight_id }, index) => [flight_id, index]))
  const keyOf = (line: Line) => [
    line.passenger ?? Infinity,
    place.get(line.flight_id) ?? Infinity,
    kindOrder.indexOf(line.kind),
  ]
  return (a: Line, b: Line) => {
    const [keyA, keyB] = [keyOf(a), keyOf(b)]
    const differing = keyA.findIndex((part, i) => part !== keyB[i])
    if (differing >= 0) return keyA[differing]! < keyB[differing]! ? -1 : 1
    return a.code < b.code ? -1 : a.code > b.code ? 1 : 0
  }
}

/** What a client confirms: whoever holds this hash has seen these lines. */
export const hashOf = (content: object) =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex')
