import { timeAt } from '../formats.ts'
import { fareOf } from './results-prices.ts'
import type { Shown } from './results-live.ts'

export const orders = ['departure', 'price', 'duration'] as const
export type Order = (typeof orders)[number]

export const parts = ['morning', 'afternoon', 'evening'] as const
export type PartOfDay = (typeof parts)[number]

const lasts = ({ departs_at, arrives_at }: Shown) => Date.parse(arrives_at) - Date.parse(departs_at)

const measures: Record<Order, (flight: Shown) => number> = {
  departure: ({ departs_at }) => Date.parse(departs_at),
  price: (flight) => fareOf(flight).amount,
  duration: lasts,
}

/** Ids by a measure; of equals, the one that departs first. */
export const idsBy = (order: Order, flights: Shown[]): string[] => {
  const measure = measures[order]
  return flights
    .toSorted((a, b) => measure(a) - measure(b) || measures.departure(a) - measures.departure(b))
    .map(({ id }) => id)
}

/** On the clock of the place one leaves: until noon, until six, and after. */
export const partOf = ({ departs_at, from }: Shown): PartOfDay => {
  const hour = Number(timeAt(departs_at, from.time_zone).slice(0, 2))
  return hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'
}
