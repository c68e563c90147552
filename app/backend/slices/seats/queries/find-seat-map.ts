import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import { lettersOf, rowsFrom } from '../layout.ts'
import type { Cabin } from '../layout.ts'

type Availability = 'available' | 'held' | 'sold' | 'blocked'
type Inventory = {
  aircraft_code: string
  cabins: Cabin[]
  /** By seat, as one object: 180 rows cost far more to send and read than one. */
  seats: Record<string, Availability>
  infant_places_left: number
  pet_places_left: number
}

/** The aircraft as it is laid out, with what can be had now. */
export const findSeatMap = async ({ db }: { db: Database }, flightId: string) => {
  const found = await db.maybeRow<Inventory>(sql('seats.map')`
    select l.aircraft_code, l.cabins, u.seats, u.infant_places_left, u.pet_places_left
      from seats.departures d
      join seats.layouts l using (aircraft_code)
     cross join lateral (
       select jsonb_object_agg(unit_code, now_status) filter (where kind = 'seat') as seats,
              count(*) filter (where kind = 'infant' and now_status = 'available')::int as infant_places_left,
              count(*) filter (where kind = 'pet' and now_status = 'available')::int as pet_places_left
         from (select kind, unit_code,
                      case when status = 'held' and held_until <= clock_timestamp()
                           then 'available' else status end as now_status
                 from seats.units where flight_id = d.flight_id) units) u
     where d.flight_id = ${flightId}`)
  if (!found) return undefined
  const { aircraft_code, cabins, seats, infant_places_left, pet_places_left } = found
  return {
    flight_id: flightId,
    aircraft_code,
    infant_places_left,
    pet_places_left,
    cabins: cabins.map((cabin) => drawn(cabin, seats)),
  }
}

const drawn = (cabin: Cabin, seats: Inventory['seats']) => ({
  cabin: cabin.cabin,
  columns: cabin.columns,
  rows: rowsFrom(cabin.first_row, cabin.last_row)
    .filter((row) => !cabin.missing_rows.includes(row))
    .map((row) => ({
      row,
      exit_row: cabin.exit_rows.includes(row),
      seats: lettersOf(cabin.columns).flatMap((letter) => {
        const status = seats[`${row}${letter}`]
        return status ? [{ seat: `${row}${letter}`, column: letter, status }] : []
      }),
    })),
})
