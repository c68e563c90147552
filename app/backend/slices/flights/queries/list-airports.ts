import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'

export type Airport = {
  iata_code: string
  icao_code: string
  name: string
  city: string
  country_code: string
  region_code: string
  time_zone: string
  latitude: number
  longitude: number
}

/** By code or by the beginning of a word of city or name, accents and case aside; a code that fits exactly comes first. */
export const listAirports = ({ db }: { db: Database }, query: string) =>
  db.rows<Airport>(sql('flights.list_airports')`
    select iata_code, icao_code, name, city, country_code, region_code, time_zone, latitude, longitude
      from flights.airports
     where ${query}::text = ''
        or iata_code = upper(${query})
        or position(' ' || flights.plain(${query}) in ' ' || flights.plain(city || ' ' || name)) > 0
  order by iata_code = upper(${query}) desc, city, iata_code`)
