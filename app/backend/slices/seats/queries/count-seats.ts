import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import type { CabinName } from '../layout.ts'

export type Load = { flight_id: string; cabin: CabinName; seats_left: number; capacity: number }

/** Seats that can be had now and seats in all, by flight and cabin. */
export const countSeats = ({ db }: { db: Database }, flightIds: string[]) =>
  db.rows<Load>(sql('seats.count')`
    select flight_id, cabin, count(*)::int as capacity,
           count(*) filter (
             where status = 'available'
                or (status = 'held' and held_until <= clock_timestamp()))::int as seats_left
      from seats.units
     where flight_id = any (${flightIds}::uuid[])
       and kind = 'seat'
  group by flight_id, cabin`)
