import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import { seatsOf } from '../layout.ts'
import type { Layout } from '../layout.ts'

export type OpenedFlight = { flight_id: string; aircraft_code: string; departs_at: Date }

// Counter sales and boarding lists need an hour; the search offers nothing later than that either.
const CLOSES_MINUTES = 60

/** Tells what seats an aircraft has. Flights already on sale keep theirs. */
export const importLayouts = async ({ db }: { db: Database }, layouts: Layout[]) => {
  await db.rows(sql('seats.import_layouts')`
    insert into seats.layouts (aircraft_code, cabins, infant_places, pet_places)
    select code, cabins, infant_places, pet_places
      from jsonb_to_recordset(${JSON.stringify(layouts)})
        as t (code text, cabins jsonb, infant_places int, pet_places int)
        on conflict (aircraft_code) do update
       set cabins = excluded.cabins, infant_places = excluded.infant_places,
           pet_places = excluded.pet_places`)
}

/** Puts flights on sale: a row for each seat, each lap place, each pet place. */
export const openInventory = async ({ db }: { db: Database }, flights: OpenedFlight[]) => {
  if (flights.length === 0) return
  await db.rows(sql('seats.open_departures')`
    insert into seats.departures (flight_id, aircraft_code, closes_at)
    select flight_id, aircraft_code, departs_at - ${CLOSES_MINUTES} * interval '1 minute'
      from jsonb_to_recordset(${JSON.stringify(flights)})
        as t (flight_id uuid, aircraft_code text, departs_at timestamptz)`)

  const layouts = await db.rows<Layout>(sql('seats.layouts')`
    select aircraft_code as code, cabins, infant_places, pet_places from seats.layouts`)
  // In order, so that the seats of a flight lie together: a map or a count then reads few pages.
  for (const layout of layouts) {
    const ids = flights.filter((f) => f.aircraft_code === layout.code).map((f) => f.flight_id)
    await db.rows(sql('seats.open_units')`
      insert into seats.units (flight_id, kind, unit_code, cabin, position)
      select flight_id, kind, unit_code, cabin, position
        from unnest(${ids}::uuid[]) as flight_id,
             jsonb_to_recordset(${JSON.stringify(unitsOf(layout))})
          as u (kind text, unit_code text, cabin text, position int)
    order by flight_id, kind, position`)
  }
}

// A lap place and a pet place are units like a seat: limits are rows, never counters.
const unitsOf = (layout: Layout) => [
  ...seatsOf(layout).map((seat) => ({ kind: 'seat', ...seat })),
  ...places('infant', 'I', layout.infant_places),
  ...places('pet', 'P', layout.pet_places),
]

const places = (kind: string, prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    kind,
    unit_code: `${prefix}${i + 1}`,
    cabin: 'any',
    position: i + 1,
  }))
