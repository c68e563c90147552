import type { Database } from '../../../kernel/database.ts'
import type { Money } from '../../../kernel/money.ts'
import { invalid } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import { CLOSES_MINUTES } from './search-flights.ts'
import type { Needs as SearchNeeds } from './search-flights.ts'

export type Days = {
  origin: string
  destination: string
  from: string
  to: string
  passengers: number
}

export type Day = { departure_date: string; lowest_fare: Money; flights: number }

export type Needs = Pick<SearchNeeds, 'db' | 'clock' | 'saleOf'>

/** A fortnight and a day: what a calendar strip shows around a date. */
const DAYS_MAX = 15

/** The lowest fare of each day on which something flies with room for the party. */
export const listDays = async (needs: Needs, asked: Days): Promise<Day[]> => {
  const days = (Date.parse(asked.to) - Date.parse(asked.from)) / 86_400_000 + 1
  if (days < 1 || days > DAYS_MAX)
    throw invalid({
      pointer: 'query/to',
      code: 'bad_period',
      detail: `From 1 to ${DAYS_MAX} days, the first before the last.`,
    })
  const flights = await flightsBetween(needs, asked)
  const sales = await needs.saleOf(flights, asked.passengers)
  const byDay = Map.groupBy(
    flights.filter(({ id }) => sales.has(id)),
    ({ departure_date }) => departure_date,
  )
  return [...byDay].map(([departure_date, ofDay]) => {
    const fares = ofDay.map(({ id }) => sales.get(id)!.lowest_fare)
    const lowest_fare = fares.reduce((low, fare) => (fare.amount < low.amount ? fare : low))
    return { departure_date, lowest_fare, flights: ofDay.length }
  })
}

type Flown = { id: string; departure_date: string; distance_km: number; departs_at: Date }

const flightsBetween = ({ db, clock }: { db: Database; clock: () => Date }, asked: Days) =>
  db.rows<Flown>(sql('flights.list_days')`
    select id, departure_date, distance_km, departs_at
      from flights.flights
     where origin = ${asked.origin}
       and destination = ${asked.destination}
       and departure_date between ${asked.from} and ${asked.to}
       and departs_at > ${new Date(clock().getTime() + CLOSES_MINUTES * 60_000)}
       and status in ('scheduled', 'delayed', 'check_in')
  order by departure_date`)
