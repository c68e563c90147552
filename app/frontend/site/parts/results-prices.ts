import type { InferResponseType } from 'hono/client'
import { useEffect, useState } from 'preact/hooks'
import { api, ask } from '../api.ts'
import type { Money } from '../formats.ts'
import type { Party } from '../trip.ts'
import type { Shown } from './results-live.ts'

/** With more than these, nobody need hurry. */
export const FEW_SEATS = 9

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
export const fareOf = ({ lowest_fare, promotion }: Pick<Shown, 'lowest_fare' | 'promotion'>) =>
  reduced(lowest_fare, promotion?.percent ?? 0)

type Shares = InferResponseType<typeof api.offers.shares.$get, 200>

/** What those pay who are no adults; undefined until the server has said. */
export const useShares = () => {
  const [shares, set] = useState<Shares>()
  useEffect(() => {
    ask(api.offers.shares.$get()).then(set, () => undefined)
  }, [])
  return shares
}

/** About what a party pays for these flights, before taxes; the next page asks for the real thing. */
export const estimate = (flights: Shown[], party: Party, shares: Shares): Money => {
  const { adults, children, infants, pets } = party
  const amounts = flights.map((flight) => {
    const fare = fareOf(flight)
    return (
      fare.amount * adults +
      share(fare, shares.child_percent).amount * children +
      share(fare, shares.infant_percent).amount * infants +
      shares.pet_fee.amount * pets
    )
  })
  return { amount: amounts.reduce((sum, amount) => sum + amount, 0), currency: 'COP' }
}
