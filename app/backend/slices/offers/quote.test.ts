import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sumOf } from '../../kernel/money.ts'
import { fareFor } from './fare.ts'
import type { CabinName } from './fare.ts'
import { ageOn, passengersOn } from './passengers.ts'
import { quote } from './quote.ts'
import type { PricedSlice, Promotion, QuoteInput } from './quote.ts'
import type { TaxRule } from './taxes.ts'

const slice: PricedSlice = {
  flight_id: '00000000-0000-8000-8000-000000000001',
  flight_number: 'AF1001',
  cabin: 'economy',
  departure_date: '2026-12-20',
  arrival_date: '2026-12-20',
  origin: 'BOG',
  origin_region: 'CO-DC',
  destination: 'ADZ',
  destination_region: 'CO-SAP',
  fare: { amount: 25_000_000, currency: 'COP' },
}

const touristCard: TaxRule = {
  id: '1',
  code: 'TOURIST_CARD_SAI',
  name_es: 'Tarjeta de turismo',
  name_en: 'Tourist card',
  jurisdiction: 'CO-SAP',
  trigger: 'arrival',
  amount: 15_300_000,
  basis_points: null,
  currency: 'COP',
  min_age: 8,
  max_age: null,
  exempt_residents: true,
  exempt_infants: true,
  market: 'any',
  refundable: true,
  valid_from: '2026-01-01',
  valid_to: null,
  version: 1,
}

const airportFee: TaxRule = {
  ...touristCard,
  id: '2',
  code: 'AIRPORT_CO_DOMESTIC',
  jurisdiction: 'CO',
  trigger: 'departure',
  amount: 2_000_000,
  min_age: 0,
  exempt_residents: false,
  market: 'domestic',
}

const tenPercent: Promotion = {
  id: '3',
  code: 'FLASH10',
  basis_points: 1_000,
  version: 1,
  name_es: 'Promoción',
  name_en: 'Promotion',
}

const family = [{ born_on: '1990-05-17' }, { born_on: '2018-03-01' }, { born_on: '2026-02-01' }]

const familyTrip: QuoteInput = {
  slices: [slice],
  passengers: passengersOn(family, '2026-12-20'),
  pets: 1,
  promotion: tenPercent,
  taxes: [touristCard, airportFee],
}

test('a family with a pet to San Andrés pays the 882,250 pesos of the worked example', () => {
  const { total, lines } = quote(familyTrip)
  expect(total).toEqual({ amount: 88_225_000, currency: 'COP' })
  const of = (kind: string) => sumOf(lines.filter((l) => l.kind === kind).map((l) => l.amount))
  expect([of('fare'), of('discount'), of('service'), of('tax')]).toEqual([
    46_250_000, -4_625_000, 12_000_000, 34_600_000,
  ])
})

test('the tourist card is for non-residents over seven: not for residents, not for the child of seven', () => {
  const passengers = passengersOn(
    [
      { born_on: '1990-05-17' },
      { born_on: '1991-05-17', resident_of: 'CO-SAP' },
      { born_on: '2018-12-21' },
      { born_on: '2018-12-20' },
    ],
    '2026-12-20',
  )
  const { lines } = quote({ ...familyTrip, passengers })
  const cards = lines.filter(({ code }) => code === 'TOURIST_CARD_SAI')
  expect(cards.map(({ passenger }) => passenger)).toEqual([1, 4])
})

test('a tax that is not yet, or no longer, in force on the day of the flight is not asked', () => {
  const taxes = [
    { ...touristCard, valid_from: '2026-12-21' },
    { ...airportFee, valid_to: '2026-12-19' },
  ]
  expect(quote({ ...familyTrip, taxes }).lines.some(({ kind }) => kind === 'tax')).toBe(false)
})

test('each passenger of twelve or younger gets a bag of sweets that costs them nothing', () => {
  const born = ['2013-12-21', '2013-12-20', '2014-12-20', '2026-02-01', '1990-05-17']
  const passengers = passengersOn(
    born.map((born_on) => ({ born_on })),
    '2026-12-20',
  )
  const bags = quote({ ...familyTrip, passengers }).lines.filter(({ code }) => code === 'SWEETS')
  expect(bags.map(({ passenger, amount }) => [passenger, amount])).toEqual([
    [1, 0],
    [3, 0],
    [4, 0],
  ])
})

test('somebody born on 29 February is a year older on 1 March', () => {
  expect(ageOn('2024-02-29', '2026-02-28')).toBe(1)
  expect(ageOn('2024-02-29', '2026-03-01')).toBe(2)
})

const days = fc
  .date({ min: new Date('1930-01-01'), max: new Date('2026-12-20'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

const taxRules = fc.record({
  id: fc.uuid(),
  code: fc.stringMatching(/^[A-Z]{3,9}$/),
  name_es: fc.constant('Tasa'),
  name_en: fc.constant('Tax'),
  jurisdiction: fc.constantFrom('CO', 'CO-SAP', 'ADZ', 'US'),
  trigger: fc.constantFrom('arrival' as const, 'departure' as const),
  amount: fc.constant(null),
  basis_points: fc.integer({ min: 1, max: 10_000 }),
  currency: fc.constant('COP' as const),
  min_age: fc.integer({ min: 0, max: 30 }),
  max_age: fc.option(fc.integer({ min: 30, max: 99 })),
  exempt_residents: fc.boolean(),
  exempt_infants: fc.boolean(),
  market: fc.constantFrom('any' as const, 'domestic' as const, 'international' as const),
  refundable: fc.boolean(),
  valid_from: fc.constant('2026-01-01'),
  valid_to: fc.constant(null),
  version: fc.integer({ min: 1, max: 9 }),
})

const inputs: fc.Arbitrary<QuoteInput> = fc
  .record({
    fares: fc.array(fc.integer({ min: 0, max: 90_000_000_00 }), { minLength: 1, maxLength: 3 }),
    born: fc.array(days, { minLength: 1, maxLength: 8 }),
    pets: fc.integer({ min: 0, max: 3 }),
    discount: fc.option(fc.integer({ min: 1, max: 5_000 })),
    taxes: fc.uniqueArray(taxRules, { maxLength: 4, selector: ({ code }) => code }),
  })
  .map(({ fares, born, pets, discount, taxes }) => ({
    slices: fares.map((pesos, i) => ({
      ...slice,
      flight_id: `00000000-0000-8000-8000-00000000000${i}`,
      fare: { amount: Math.round(pesos / 100) * 100, currency: 'COP' as const },
    })),
    passengers: passengersOn(
      [{ born_on: '1990-05-17' }, ...born.map((born_on) => ({ born_on }))].filter(
        ({ born_on }, i) => i === 0 || ageOn(born_on, '2026-12-20') >= 2,
      ),
      '2026-12-20',
    ),
    pets,
    promotion: discount === null ? null : { ...tenPercent, basis_points: discount },
    taxes,
  }))

test('the lines always sum to the total, and no rule makes a total negative', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { lines, total } = quote(input)
      expect(total.amount).toBe(sumOf(lines.map(({ amount }) => amount)))
      expect(total.amount).toBeGreaterThanOrEqual(0)
      expect(lines.every(({ amount }) => Number.isSafeInteger(amount) && amount % 100 === 0)).toBe(
        true,
      )
    }),
  )
})

test('the same input gives the same bytes, whatever the order in which the rules were read', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const again = quote({ ...structuredClone(input), taxes: input.taxes.toReversed() })
      expect(JSON.stringify(again)).toBe(JSON.stringify(quote(input)))
    }),
  )
})

test('a promotion takes from fares only, and never more than the fare', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const without = quote({ ...input, promotion: null, taxes: [] })
      const { lines } = quote({ ...input, taxes: [] })
      const discounts = -sumOf(lines.filter((l) => l.kind === 'discount').map((l) => l.amount))
      const fares = sumOf(without.lines.filter((l) => l.kind === 'fare').map((l) => l.amount))
      expect(discounts).toBeLessThanOrEqual(fares)
      expect(lines.filter((l) => l.kind !== 'discount')).toEqual(without.lines)
    }),
  )
})

const demands = fc.record({
  distance_km: fc.integer({ min: 50, max: 16_000 }),
  cabin: fc.constantFrom<CabinName>('economy', 'premium_economy', 'business', 'first'),
  capacity: fc.integer({ min: 1, max: 400 }),
  taken: fc.double({ min: 0, max: 1, noNaN: true }),
  days_left: fc.integer({ min: 0, max: 400 }),
})

test('a fare never falls as seats get scarce or as the day comes near, and stays within its bounds', () => {
  fc.assert(
    fc.property(demands, ({ taken, ...demand }) => {
      const seats_left = Math.round(demand.capacity * (1 - taken))
      const fare = fareFor({ ...demand, seats_left }).amount
      expect(
        fareFor({ ...demand, seats_left: Math.max(0, seats_left - 1) }).amount,
      ).toBeGreaterThanOrEqual(fare)
      expect(fareFor({ ...demand, seats_left, days_left: 0 }).amount).toBeGreaterThanOrEqual(fare)
      const cheapest = fareFor({ ...demand, seats_left: demand.capacity, days_left: 400 }).amount
      const dearest = fareFor({ ...demand, seats_left: 0, days_left: 0 }).amount
      expect(dearest).toBeLessThanOrEqual(cheapest * 3.4)
    }),
  )
})
