import { share } from '../../kernel/money.ts'
import type { Currency } from '../../kernel/money.ts'
import { ageOn } from './passengers.ts'
import type { OfferedPassenger } from './passengers.ts'
import type { PricedSlice } from './quote.ts'

/** A dated rule of offers.destination_taxes: who pays what, for arriving where or leaving it. */
export type TaxRule = {
  id: string
  code: string
  name_es: string
  name_en: string
  /** A country (CO), a region (CO-SAP) or an airport (ADZ). */
  jurisdiction: string
  trigger: 'arrival' | 'departure'
  amount: number | null
  /** Of the fare after promotion. */
  basis_points: number | null
  currency: Currency
  /** In whole years on the day of the trigger; both ends are included. */
  min_age: number
  max_age: number | null
  exempt_residents: boolean
  exempt_infants: boolean
  market: 'any' | 'domestic' | 'international'
  refundable: boolean
  valid_from: string
  valid_to: string | null
  version: number
}

type Journey = { rules: TaxRule[]; slice: PricedSlice; passenger: OfferedPassenger; fare: number }

export const taxesOn = ({ rules, slice, passenger, fare }: Journey) =>
  rules
    .filter((rule) => applies(rule, slice, passenger))
    .map((rule) => ({
      rule,
      amount: rule.amount ?? share(fare, rule.basis_points ?? 0, rule.currency),
    }))

const applies = (
  rule: TaxRule,
  slice: PricedSlice,
  { born_on, type, resident_of }: OfferedPassenger,
) => {
  const arriving = rule.trigger === 'arrival'
  const day = arriving ? slice.arrival_date : slice.departure_date
  const airport = arriving ? slice.destination : slice.origin
  const region = arriving ? slice.destination_region : slice.origin_region
  const age = ageOn(born_on, day)
  return (
    [airport, region, countryOf(region)].includes(rule.jurisdiction) &&
    isMarket(rule, slice) &&
    rule.valid_from <= day &&
    (rule.valid_to === null || day <= rule.valid_to) &&
    age >= rule.min_age &&
    (rule.max_age === null || age <= rule.max_age) &&
    !(rule.exempt_infants && type === 'infant_without_seat') &&
    !(rule.exempt_residents && livesIn(resident_of, rule.jurisdiction))
  )
}

export const countryOf = (region: string) => region.slice(0, 2)

const isMarket = ({ market }: TaxRule, { origin_region, destination_region }: PricedSlice) =>
  market === 'any' ||
  (market === 'domestic') === (countryOf(origin_region) === countryOf(destination_region))

// Who lives in a region lives in its country; not the other way round.
const livesIn = (resident_of: string | null, jurisdiction: string) =>
  resident_of === jurisdiction || resident_of?.startsWith(`${jurisdiction}-`) === true
