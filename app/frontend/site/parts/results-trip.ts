import { api, ask } from '../api.ts'
import { resultsUrl } from '../search-url.ts'
import { beginTrip, changeTrip, readTrip } from '../trip.ts'
import type { Cabin, Search } from '../trip.ts'

/** The ids of the chosen flights. They stand in the address, so that a reload loses nothing. */
export type Choice = { there?: string | undefined; back?: string | undefined }
export type Direction = keyof Choice

export const choiceUrl = (search: Search, { there, back }: Choice) => {
  const chosen = new URLSearchParams({ ...(there && { there }), ...(back && { back }) })
  return chosen.size > 0 ? `${resultsUrl(search)}&${chosen}` : resultsUrl(search)
}

const isCurrent = (search: Search) => {
  const { search: current, booking } = readTrip()
  return !booking && current !== undefined && resultsUrl(current) === resultsUrl(search)
}

// Seats of a trip that is given up are for others; if it fails, they free themselves by and by.
const beginAnew = (search: Search) => {
  for (const { id } of readTrip().holds)
    void ask(api['seat-holds'][':id'].$delete({ param: { id } })).catch(() => undefined)
  beginTrip(search)
}

/** The search form begins with this search. */
export const keepSearch = (search: Search) => {
  if (!isCurrent(search)) beginAnew(search)
}

type Chosen = { id: string; cabin: Cabin }

/** Goes on with these flights; what was put together for others is given up. */
export const keepFlights = (search: Search, flights: Chosen[]) => {
  const flight_ids = flights.map(({ id }) => id)
  const cabins = Object.fromEntries(flights.map(({ id, cabin }) => [id, cabin]))
  if (isCurrent(search) && readTrip().flight_ids.join() === flight_ids.join()) return
  beginAnew(search)
  changeTrip({ flight_ids, cabins })
}
