import type { Search } from './trip.ts'

/** A search as the address of its results: what can be bookmarked, shared and gone back to. */
export const resultsUrl = ({ origin, destination, departure_date, return_date, party }: Search) => {
  const query = new URLSearchParams({ origin, destination, departure_date })
  if (return_date) query.set('return_date', return_date)
  for (const [name, count] of Object.entries(party)) if (count > 0) query.set(name, String(count))
  return `/results?${query}`
}

const count = (text: string | undefined, max: number) =>
  Math.min(max, Math.max(0, Math.trunc(Number(text ?? 0)) || 0))

/** The search of a results address; undefined when it lacks a place or a day. */
export const searchOf = (query: Record<string, string>): Search | undefined => {
  const { origin = '', destination = '', departure_date = '', return_date } = query
  const isPlace = /^[A-Z]{3}$/
  const isDay = /^\d{4}-\d{2}-\d{2}$/
  if (!isPlace.test(origin) || !isPlace.test(destination) || !isDay.test(departure_date))
    return undefined
  const adults = Math.max(1, count(query.adults, 9))
  return {
    origin,
    destination,
    departure_date,
    ...(return_date && isDay.test(return_date) && { return_date }),
    party: {
      adults,
      children: count(query.children, 9 - adults),
      infants: count(query.infants, adults),
      pets: count(query.pets, adults),
    },
  }
}

const RECENT = 'recent-searches'

export const recentSearches = (): Search[] => {
  try {
    return JSON.parse(localStorage.getItem(RECENT) ?? '[]') as Search[]
  } catch {
    return []
  }
}

export const rememberSearch = (search: Search) => {
  const others = recentSearches().filter((known) => resultsUrl(known) !== resultsUrl(search))
  localStorage.setItem(RECENT, JSON.stringify([search, ...others].slice(0, 4)))
}
