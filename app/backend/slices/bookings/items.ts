import type { Database } from '../../kernel/database.ts'
import { sql } from '../../kernel/sql.ts'
import type { OfferedPassenger, OfferedSlice } from '../offers/events.ts'
import type { Unit } from '../seats/events.ts'

type Item = {
  passenger: number | null
  flight_id: string
  slice: number
  cabin: string
  kind: Unit['kind']
  unit_code: string
}

export type Want = { flight_id: string; kind: Unit['kind']; cabin: string; count: number }

/** What a party travels on: a seat for each who needs one, a lap place for each infant, pet places. */
export const wantsOf = (
  slices: OfferedSlice[],
  passengers: OfferedPassenger[],
  pets: number,
): Want[] => {
  const infants = passengers.filter(isInfant).length
  return slices.flatMap(({ flight_id, cabin }) => [
    { flight_id, kind: 'seat' as const, cabin, count: passengers.length - infants },
    { flight_id, kind: 'infant' as const, cabin: 'any', count: infants },
    { flight_id, kind: 'pet' as const, cabin: 'any', count: pets },
  ])
}

const isInfant = ({ type }: OfferedPassenger) => type === 'infant_without_seat'

/** Who sits where: chosen seats go to the passengers in order, then the others front to back. */
export const itemsOf = (
  slices: OfferedSlice[],
  passengers: OfferedPassenger[],
  units: Unit[],
): Item[] =>
  slices.flatMap((slice, index) => {
    const own = units.filter(({ flight_id }) => flight_id === slice.flight_id)
    const seats = own.filter(({ kind }) => kind === 'seat').toSorted(chosenFirst(slice.seats))
    const laps = own.filter(({ kind }) => kind === 'infant')
    const seated = passengers.filter((passenger) => !isInfant(passenger))
    const on = (unit: Unit, passenger: OfferedPassenger | undefined) => ({
      passenger: passenger?.ordinal ?? null,
      flight_id: slice.flight_id,
      slice: index + 1,
      cabin: slice.cabin,
      kind: unit.kind,
      unit_code: unit.unit_code,
    })
    return [
      ...seats.map((unit, i) => on(unit, seated[i])),
      ...laps.map((unit, i) => on(unit, passengers.filter(isInfant)[i])),
      ...own.filter(({ kind }) => kind === 'pet').map((unit) => on(unit, undefined)),
    ]
  })

const chosenFirst = (chosen: string[]) => {
  const place = (seat: string) => (chosen.includes(seat) ? chosen.indexOf(seat) : Infinity)
  return (a: Unit, b: Unit) =>
    place(a.unit_code) === place(b.unit_code)
      ? a.unit_code.localeCompare(b.unit_code, 'en', { numeric: true })
      : place(a.unit_code) - place(b.unit_code)
}

export const addItems = async (tx: Database, booking_id: string, items: Item[]) => {
  await tx.rows(sql('bookings.add_items')`
    insert into bookings.items (booking_id, passenger, flight_id, slice, cabin, kind, unit_code)
    select ${booking_id}, passenger, flight_id, slice, cabin, kind, unit_code
      from jsonb_to_recordset(${JSON.stringify(items)})
        as i (passenger int, flight_id uuid, slice int, cabin text, kind text, unit_code text)`)
}

export const countItems = async (tx: Database, booking_id: string) => {
  const { units } = await tx.oneRow<{ units: number }>(sql('bookings.count_items')`
    select count(*)::int as units from bookings.items
     where booking_id = ${booking_id} and released_at is null`)
  return units
}

/** Flights that a booking travels on now, first to last. */
export const flightIdsOf = async (tx: Database, booking_id: string) => {
  const flights = await tx.rows<{ flight_id: string }>(sql('bookings.flight_ids')`
    select flight_id from bookings.items
     where booking_id = ${booking_id} and released_at is null
  group by flight_id
  order by min(slice)`)
  return flights.map(({ flight_id }) => flight_id)
}

/** Those of one step are released at one instant: the last of a cancelled booking are what it was. */
export const releaseItems = async (tx: Database, booking_id: string, flightIds: string[]) => {
  await tx.rows(sql('bookings.release_items')`
    update bookings.items set released_at = now()
     where booking_id = ${booking_id} and flight_id = any (${flightIds}::uuid[]) and released_at is null`)
}
