import type { Money } from '../formats.ts'
import type { Party } from '../trip.ts'
import type { Shown } from './results-live.ts'

/** A part of an amount in whole pesos, rounded as the backend rounds it. */
const share = ({ amount, currency }: Money, percent: number): Money => ({
  amount: Math.round((amount * percent) / 100 / 100) * 100,
  currency,
})

/** A fare with a promotion's percent off. */
export const reduced = (fare: Money, percent: number): Money => ({
  ...fare,
  amount: fare.amount - share(fare, percent).amount,
})

/** What one adult pays for a flight, before taxes. */
export const fareOf = ({ lowest_fare, promotion }: Shown) =>
  reduced(lowest_fare, promotion?.percent ?? 0)

// As the offers slice reckons; only an estimate, for the next page asks for the real thing.
const CHILD_PERCENT = 75
const INFANT_PERCENT = 10
const PET_FEE = 12_000_000

/** About what a party pays for these flights, before taxes and chosen services. */
export const estimate = (flights: Shown[], { adults, children, infants, pets }: Party): Money => {
  const amounts = flights.map((flight) => {
    const fare = fareOf(flight)
    return (
      fare.amount * adults +
      share(fare, CHILD_PERCENT).amount * children +
      share(fare, INFANT_PERCENT).amount * infants +
      PET_FEE * pets
    )
  })
  return { amount: amounts.reduce((sum, amount) => sum + amount, 0), currency: 'COP' }
}
