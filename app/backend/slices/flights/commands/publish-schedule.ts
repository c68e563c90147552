import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'

export type PublishedFlight = { flight_id: string; aircraft_code: string; departs_at: Date }

export type Needs = {
  db: Database
  clock: () => Date
  /** Puts the new flights' seats on sale, in the same transaction. */
  openInventory: (within: { db: Database }, flights: PublishedFlight[]) => Promise<void>
}

/** The first day is today at home: in the evening there UTC is a day ahead, and tonight's flights are on sale. */
const HOME = 'America/Bogota'

/**
 * Makes the dated flights of the next `days` days from the weekly routes. Repeatable: a flight that
 * exists stays as it is, and the same day always gives the same flights under the same ids.
 * (an MD5 made a version 8 UUID of RFC 9562). PostgreSQL's own time zone data turns local times into instants, clock changes included.
 */
export const publishSchedule = ({ db, clock, openInventory }: Needs, { days }: { days: number }) =>
  db.transaction(async (tx) => {
    const published = await tx.rows<PublishedFlight>(sql('flights.publish_schedule')`
      insert into flights.flights
             (id, flight_number, departure_date, origin, destination, aircraft_code,
              distance_km, departs_at, arrives_at)
      select overlay(overlay(md5(r.flight_number || ' ' || day::date)
                             placing '8' from 13) placing '8' from 17)::uuid,
             r.flight_number, day::date,
             r.origin, r.destination, r.aircraft_code, r.distance_km,
             (day::date + r.departs) at time zone o.time_zone,
             (day::date + r.departs) at time zone o.time_zone + r.block_minutes * interval '1 minute'
        from generate_series(${clock()}::timestamptz at time zone ${HOME},
                             ${clock()}::timestamptz at time zone ${HOME} + ${days - 1} * interval '1 day',
                             interval '1 day') as day
        join flights.routes r on extract(isodow from day) = any (r.weekdays)
        join flights.airports o on o.iata_code = r.origin
          on conflict (flight_number, departure_date) do nothing
   returning id as flight_id, aircraft_code, departs_at`)
    await openInventory({ db: tx }, published)
    return published.length
  })
