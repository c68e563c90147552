import type { Money } from '../../kernel/money.ts'
import { ageOn } from './passengers.ts'
import type { OfferedPassenger } from './passengers.ts'
import type { Line, PricedSlice } from './quote.ts'

/** COP 120,000 for each pet on each flight. */
export const PET_FEE: Money = { amount: 12_000_000, currency: 'COP' }

/** Passengers up to this age get a bag of sweets on each flight; it costs them nothing. */
export const SWEETS_AGE_MAX = 12

export const petLines = ({ flight_id, origin, destination }: PricedSlice, pets: number): Line[] =>
  Array.from({ length: pets }, () => ({
    kind: 'service',
    code: 'PET',
    passenger: null,
    flight_id,
    quantity: 1,
    amount: PET_FEE.amount,
    currency: PET_FEE.currency,
    refundable: true,
    rule_id: null,
    rule_version: null,
    name_es: `Mascota en cabina ${origin}–${destination}`,
    name_en: `Pet in cabin ${origin}–${destination}`,
  }))

export const sweets = (slice: PricedSlice, { ordinal, born_on }: OfferedPassenger): Line[] =>
  ageOn(born_on, slice.departure_date) > SWEETS_AGE_MAX
    ? []
    : [
        {
          kind: 'service',
          code: 'SWEETS',
          passenger: ordinal,
          flight_id: slice.flight_id,
          quantity: 1,
          amount: 0,
          currency: 'COP',
          refundable: true,
          rule_id: null,
          rule_version: null,
          name_es: 'Bolsa de dulces, cortesía',
          name_en: 'Bag of sweets, on us',
        },
      ]
