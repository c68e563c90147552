import type { Search, Trip } from '../trip.ts'
import { isAlive } from './holds.ts'
import { assumedBirthday, bornError, seated, typesOf } from './person-rules.ts'
import type { Flight } from './use-flights.ts'
import type { OfferRequest } from './use-offer.ts'

/** Who travels, and what their flights ask of them. */
export const travellersOf = (trip: Trip, search: Search, flights: Flight[]) => {
  const types = typesOf(search.party)
  const day = flights.at(-1)!.departure_date
  const isAbroad = flights.some(
    ({ origin_airport: a, destination_airport: b }) => a.country_code !== b.country_code,
  )
  const asksResidence = flights.some(
    ({ destination_airport }) => destination_airport.region_code === 'CO-SAP',
  )
  return { types, day, isAbroad, asksResidence, people: seated(trip.people, types, day, isAbroad) }
}

type Travellers = ReturnType<typeof travellersOf>

/** What is priced: with supposed birthdays, and so an estimate, until the real ones are known. */
export const offerRequest = (
  trip: Trip,
  search: Search,
  { people, types, day, asksResidence }: Travellers,
) => {
  const known = people.map(({ born_on }, i) => bornError(born_on, types[i]!, day) === undefined)
  const { promotion_code: code = '' } = trip
  const holds = trip.holds.filter(
    (hold) => trip.flight_ids.includes(hold.flight_id) && (trip.booking || isAlive(hold)),
  )
  const request: OfferRequest = {
    slices: trip.flight_ids.map((flight_id) => ({
      flight_id,
      cabin: trip.cabins?.[flight_id] ?? 'economy',
    })),
    passengers: people.map(({ born_on, resident_of }, i) => ({
      born_on: known[i] ? born_on : assumedBirthday(types[i]!, day),
      ...(asksResidence && resident_of && { resident_of }),
    })),
    pets: search.party.pets,
    ...(/^[A-Za-z0-9]{3,20}$/.test(code) && { promotion_code: code.toUpperCase() }),
    seat_hold_ids: holds.map(({ id }) => id),
  }
  return { request, isEstimate: known.includes(false) }
}
