import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Flight } from '../events.ts'

export type Asked = {
  departure_date: string
  flight_number?: string | undefined
  origin?: string | undefined
  destination?: string | undefined
}

type FlightOfDay = Pick<
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
  | 'gate'
> & { expected_departs_at: Date; expected_arrives_at: Date }

/** What flies on a day, whether or not it can still be booked: it may have departed long ago. */
export const listStatuses = ({ db }: { db: Database }, asked: Asked) =>
  db.rows<FlightOfDay>(sql('flights.list_statuses')`
    select id, flight_number, departure_date, origin, destination, departs_at, arrives_at,
           status, delay_minutes, gate,
           departs_at + delay_minutes * interval '1 minute' as expected_departs_at,
           arrives_at + delay_minutes * interval '1 minute' as expected_arrives_at
      from flights.flights
     where departure_date = ${asked.departure_date}
       and (flight_number = ${asked.flight_number ?? null}
            or (origin = ${asked.origin ?? null} and destination = ${asked.destination ?? null}))
  order by departs_at, id`)
