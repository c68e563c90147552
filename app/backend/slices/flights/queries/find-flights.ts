import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Flight } from '../events.ts'
import type { Airport } from './list-airports.ts'

/** In the order of the ids; those that do not exist are missing. */
export const findFlights = ({ db }: { db: Database }, ids: string[]) =>
  db.rows<Flight>(sql('flights.find')`
    select f.id, f.flight_number, f.departure_date, f.origin, f.destination, f.aircraft_code,
           f.distance_km, f.departs_at, f.arrives_at,
           (f.arrives_at at time zone d.time_zone)::date as arrival_date,
           f.status, f.delay_minutes, f.gate,
           o.region_code as origin_region, d.region_code as destination_region
      from unnest(${ids}::uuid[]) with ordinality as wanted (id, place)
      join flights.flights f using (id)
      join flights.airports o on o.iata_code = f.origin
      join flights.airports d on d.iata_code = f.destination
  order by wanted.place`)

type ShownFlight = Omit<Flight, 'aircraft_code' | 'origin_region' | 'destination_region'> & {
  aircraft: { code: string; name: string }
  origin_airport: Airport
  destination_airport: Airport
}

export const findFlight = ({ db }: { db: Database }, id: string) =>
  db.maybeRow<ShownFlight>(sql('flights.find_one')`
    select f.id, f.flight_number, f.departure_date, f.origin, f.destination, f.departs_at,
           f.arrives_at, (f.arrives_at at time zone d.time_zone)::date as arrival_date,
           f.status, f.delay_minutes, f.gate, f.distance_km,
           jsonb_build_object('code', a.code, 'name', a.name) as aircraft,
           to_jsonb(o) as origin_airport, to_jsonb(d) as destination_airport
      from flights.flights f
      join flights.aircraft a on a.code = f.aircraft_code
      join flights.airports o on o.iata_code = f.origin
      join flights.airports d on d.iata_code = f.destination
     where f.id = ${id}`)
