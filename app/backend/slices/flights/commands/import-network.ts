import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import { blockMinutes, greatCircleKm } from '../great-circle.ts'
import type { Airport } from '../queries/list-airports.ts'

export type Aircraft = { code: string; name: string; cruise_kmh: number }
export type Route = {
  flight_number: string
  origin: string
  destination: string
  aircraft: string
  departs: string
  weekdays: string
}
export type Network = { airports: Airport[]; aircraft: Aircraft[]; routes: Route[] }

/** Brings airports, aircraft and weekly routes to what the network says; published flights stay. */
export const importNetwork = ({ db }: { db: Database }, network: Network) =>
  db.transaction(async (tx) => {
    await tx.rows(sql('flights.import_airports')`
      insert into flights.airports
      select * from jsonb_populate_recordset(null::flights.airports, ${JSON.stringify(network.airports)})
          on conflict (iata_code) do update
         set name = excluded.name, city = excluded.city, region_code = excluded.region_code,
             time_zone = excluded.time_zone, latitude = excluded.latitude, longitude = excluded.longitude`)
    await tx.rows(sql('flights.import_aircraft')`
      insert into flights.aircraft
      select * from jsonb_populate_recordset(null::flights.aircraft, ${JSON.stringify(network.aircraft)})
          on conflict (code) do update set name = excluded.name, cruise_kmh = excluded.cruise_kmh`)
    await tx.rows(sql('flights.import_routes')`
      insert into flights.routes
      select * from jsonb_populate_recordset(null::flights.routes, ${JSON.stringify(timed(network))})
          on conflict (flight_number) do update
         set departs = excluded.departs, weekdays = excluded.weekdays,
             aircraft_code = excluded.aircraft_code, block_minutes = excluded.block_minutes`)
  })

const timed = ({ airports, aircraft, routes }: Network) => {
  const airportOf = new Map(airports.map((airport) => [airport.iata_code, airport]))
  const aircraftOf = new Map(aircraft.map((type) => [type.code, type]))
  return routes.map(({ aircraft: aircraft_code, weekdays, ...route }) => {
    const origin = airportOf.get(route.origin)
    const destination = airportOf.get(route.destination)
    const type = aircraftOf.get(aircraft_code)
    if (!origin || !destination || !type)
      throw new Error(`${route.flight_number} names an airport or aircraft that is not in the data`)
    const distance = greatCircleKm(origin, destination)
    return {
      ...route,
      aircraft_code,
      weekdays: [...weekdays].map(Number),
      distance_km: Math.round(distance),
      block_minutes: blockMinutes(distance, type.cruise_kmh),
    }
  })
}
