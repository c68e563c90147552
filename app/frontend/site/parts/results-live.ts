import { useEffect, useRef, useState } from 'preact/hooks'
import type { InferResponseType } from 'hono/client'
import { loadAirports } from '../airports.ts'
import type { Airport } from '../airports.ts'
import { api, ask } from '../api.ts'
import type { Money } from '../formats.ts'
import { plusDays } from '../formats.ts'

type Found = InferResponseType<typeof api.flights.$get, 200>['flights'][number]
type Day = InferResponseType<typeof api.flights.days.$get, 200>['days'][number]

/** A flight as on the page: what the last look changed about it is marked. */
export type Shown = Found & {
  from: Airport
  to: Airport
  /** The fare at the look before, when it was another. */
  fare_before?: Money | undefined
  /** No longer on sale; it keeps its place, so that nothing moves under a finger. */
  gone?: boolean
}

export type Way = {
  origin: string
  destination: string
  departure_date: string
  passengers: number
}

type Flights = {
  /** What these flights answer. */
  way: string
  flights: Shown[]
  problem?: unknown
  /** When the server last said so; a look that failed leaves the ones before on the page. */
  seen_at: string
  stale: boolean
}

const REFRESH_MS = 20_000

export const wayKey = (way: Way) => Object.values(way).join()

/** The flights of a way, looked at again every 20 seconds for as long as somebody sees the page. */
export const useFlights = (way: Way | undefined) => {
  const [found, set] = useState<Flights>()
  const [tries, setTries] = useState(0)
  const key = way && wayKey(way)
  const asked = useRef(key)
  asked.current = key
  useEffect(() => {
    if (!way || !key) return undefined
    const look = async () => {
      const next = await flightsOf(way, key)
      if (asked.current === key) set((known) => merge(known, next))
    }
    void look()
    const lookIfSeen = () => void (document.visibilityState === 'visible' && look())
    const timer = setInterval(lookIfSeen, REFRESH_MS)
    document.addEventListener('visibilitychange', lookIfSeen)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', lookIfSeen)
    }
  }, [key, tries])
  const again = () => {
    set(undefined)
    setTries(tries + 1)
  }
  return { found, busy: found?.way !== key, again }
}

const flightsOf = async (way: Way, key: string): Promise<Flights> => {
  const seen_at = new Date().toISOString()
  try {
    const { passengers, ...rest } = way
    const [airports, { flights }] = await Promise.all([
      loadAirports(),
      ask(api.flights.$get({ query: { ...rest, passengers: String(passengers), limit: '200' } })),
    ])
    const place = (code: string) => airports.find(({ iata_code }) => iata_code === code)!
    const [from, to] = [place(way.origin), place(way.destination)]
    const shown = flights.map((flight) => ({ ...flight, from, to }))
    return { way: key, flights: shown, seen_at, stale: false }
  } catch (problem) {
    return { way: key, flights: [], problem, seen_at, stale: false }
  }
}

const merge = (known: Flights | undefined, next: Flights): Flights => {
  if (!known || known.problem || known.way !== next.way) return next
  if (next.problem) return { ...known, stale: true }
  const isNew = ({ id }: Shown) => known.flights.every((flight) => flight.id !== id)
  const kept = known.flights.map((before): Shown => {
    const now = next.flights.find(({ id }) => id === before.id)
    if (!now) return { ...before, gone: true }
    const same = now.lowest_fare.amount === before.lowest_fare.amount
    return { ...now, fare_before: same ? before.fare_before : before.lowest_fare }
  })
  return { ...next, flights: [...kept, ...next.flights.filter(isNew)] }
}

export type LiveFlights = ReturnType<typeof useFlights>

export type Days = {
  route: string
  /** The day in the middle; what flies is known for a week to each side of it. */
  around: string
  byDate: Map<string, Day>
  percent: number
}

/** More than the strip shows: the rest helps when nothing flies. */
export const DAYS_KNOWN = 7

/** The lowest fares around the day of a way; those of the day before, until they have come. */
export const useDays = (way: Way | undefined): Days | undefined => {
  const [days, set] = useState<Days>()
  const key = way && wayKey(way)
  useEffect(() => {
    if (!way || !key) return undefined
    let current = true
    void daysAround(way).then((known) => current && set(known))
    return () => void (current = false)
  }, [key])
  return way && days?.route === routeKey(way) ? days : undefined
}

const routeKey = ({ origin, destination, passengers }: Way) =>
  [origin, destination, passengers].join()

const daysAround = async (way: Way): Promise<Days> => {
  const { departure_date: around, passengers, ...places } = way
  const [from, to] = [plusDays(around, -DAYS_KNOWN), plusDays(around, DAYS_KNOWN)]
  try {
    const query = { ...places, passengers: String(passengers), from, to }
    const [{ days }, { promotion }] = await Promise.all([
      ask(api.flights.days.$get({ query })),
      ask(api.flights.promotion.$get()),
    ])
    const byDate = new Map(days.map((day) => [day.departure_date, day]))
    return { route: routeKey(way), around, byDate, percent: promotion?.percent ?? 0 }
  } catch {
    // The strip is a convenience: what is wrong with the search, the list of flights says.
    return { route: routeKey(way), around, byDate: new Map(), percent: 0 }
  }
}
