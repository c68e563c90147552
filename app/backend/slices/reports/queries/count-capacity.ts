import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'

/**
 * Counts the seats of all flights still on sale. There are a million, and those of a flight stay as
 * they are: so each flight is counted once, and `seatsOf` remembers.
 */
export const countCapacity = async (
  { db }: { db: Database },
  seatsOf: Map<string, number>,
): Promise<number> => {
  const upcoming = await db.rows<{ flight_id: string }>(sql('reports.upcoming')`
    select flight_id from seats.departures where closes_at > now()`)
  const ids = upcoming.map(({ flight_id }) => flight_id)
  const unknown = ids.filter((id) => !seatsOf.has(id))
  if (unknown.length > 0) await countSeats(db, unknown, seatsOf)
  const isUpcoming = new Set(ids)
  for (const id of seatsOf.keys()) if (!isUpcoming.has(id)) seatsOf.delete(id)
  return ids.reduce((sum, id) => sum + (seatsOf.get(id) ?? 0), 0)
}

const countSeats = async (db: Database, ids: string[], seatsOf: Map<string, number>) => {
  const counted = await db.rows<{ flight_id: string; seats: number }>(sql('reports.capacity')`
    select flight_id, count(*)::int as seats
      from seats.units
     where flight_id = any (${ids}::uuid[]) and kind = 'seat'
  group by flight_id`)
  for (const { flight_id, seats } of counted) seatsOf.set(flight_id, seats)
}
