import type { Database } from '../../../kernel/database.ts'
import type { Money } from '../../../kernel/money.ts'
import { Problem, invalid } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Cabin, Flight } from '../events.ts'
import { readCursor, writeCursor } from '../cursor.ts'

export type Search = {
  origin: string
  destination: string
  departure_date: string
  passengers: number
  limit: number
  after?: string | undefined
}

/** What the seats and offers slices add to a flight that flies. */
export type Sale = { seats_left: number; lowest_fare: Money; cabin: Cabin }
export type PromotionOnShow = { code: string; percent: number; name_es: string; name_en: string }

type Found = Pick<
  Flight,
  | 'id'
  | 'flight_number'
  | 'departure_date'
  | 'origin'
  | 'destination'
  | 'departs_at'
  | 'arrives_at'
  | 'status'
  | 'delay_minutes'
  | 'distance_km'
>

export type Needs = {
  db: Database
  clock: () => Date
  /** By flight id; a flight with fewer seats than passengers in every cabin is left out. */
  saleOf: (
    flights: Pick<Found, 'id' | 'distance_km' | 'departs_at'>[],
    passengers: number,
  ) => Promise<Map<string, Sale>>
  promotionOnShow: () => Promise<PromotionOnShow | null>
}

/** Sales close this long before departure. */
export const CLOSES_MINUTES = 60

export const searchFlights = async (needs: Needs, search: Search) => {
  if (search.origin === search.destination)
    throw invalid({
      pointer: 'query/destination',
      code: 'same_as_origin',
      detail: 'Origin and destination are the same airport.',
    })
  const found = await flightsOf(needs, search)
  if (found.length === 0 && search.after === undefined) await explainNothing(needs, search)

  const page = found.slice(0, search.limit)
  const [sales, promotion] = await Promise.all([
    needs.saleOf(page, search.passengers),
    page.length > 0 ? needs.promotionOnShow() : null,
  ])
  const flights = page.flatMap(({ distance_km: _, ...flight }) => {
    const sale = sales.get(flight.id)
    return sale ? [{ ...flight, ...sale, promotion }] : []
  })
  const last = page.at(-1)
  const after = found.length > search.limit && last ? writeCursor(last) : null
  return { flights, meta: { limit: search.limit, after } }
}

const flightsOf = ({ db, clock }: Needs, search: Search) => {
  const after = search.after === undefined ? null : readCursor(search.after)
  const opensAfter = new Date(clock().getTime() + CLOSES_MINUTES * 60_000)
  return db.rows<Found>(sql('flights.search')`
    select id, flight_number, departure_date, origin, destination, departs_at, arrives_at,
           status, delay_minutes, distance_km
      from flights.flights
     where origin = ${search.origin}
       and destination = ${search.destination}
       and departure_date = ${search.departure_date}
       and departs_at > ${opensAfter}
       and status in ('scheduled', 'delayed', 'check_in')
       and (${after?.departs_at}::timestamptz is null
            or (departs_at, id) > (${after?.departs_at}::timestamptz, ${after?.id}::uuid))
  order by departs_at, id
     limit ${search.limit + 1}`)
}

// Asked only when nothing flies, so that the usual search pays nothing for its good manners.
const explainNothing = async ({ db, clock }: Needs, search: Search) => {
  const known = await db.oneRow<{
    origin_known: boolean
    destination_known: boolean
    first_day: string | null
    last_day: string | null
  }>(sql('flights.explain_nothing')`
    select exists (select from flights.airports where iata_code = ${search.origin}) as origin_known,
           exists (select from flights.airports where iata_code = ${search.destination}) as destination_known,
           (select (${clock()}::timestamptz at time zone time_zone)::date
              from flights.airports where iata_code = ${search.origin}) as first_day,
           (select max(departure_date) from flights.flights) as last_day`)

  const unknown = [
    ...(known.origin_known ? [] : [unknownAirport('origin', search.origin)]),
    ...(known.destination_known ? [] : [unknownAirport('destination', search.destination)]),
  ]
  if (unknown.length > 0) throw invalid(...unknown)
  const { first_day, last_day } = known
  const day = search.departure_date
  if (first_day === null || last_day === null || day < first_day || day > last_day)
    throw outsideHorizon(first_day, last_day)
}

// The days are members of their own: a page says them in its language and offers the nearest.
const outsideHorizon = (first_day: string | null, last_day: string | null) => {
  const detail = `Flights are on sale from ${first_day} to ${last_day}.`
  const errors = [{ pointer: 'query/departure_date', code: 'outside_horizon', detail }]
  return new Problem('validation-failed', detail, { members: { errors, first_day, last_day } })
}

const unknownAirport = (field: string, code: string) => ({
  pointer: `query/${field}`,
  code: 'unknown_airport',
  detail: `We do not fly to an airport ${code}.`,
})
