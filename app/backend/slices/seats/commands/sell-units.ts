import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Unit } from '../events.ts'

/**
 * Moves the end of a hold: later while money moves, so that neither sweeper nor another buyer takes
 * its units, and back when it did not come. Answers whether it still has all its `units`: a hold that
 * lost one must not be paid for.
 */
export const keepHeld = async (
  { db }: { db: Database },
  { hold_id, until, units }: { hold_id: string; until: Date; units: number },
): Promise<boolean> => {
  // The rows of the units are written, not only their hold: a buyer who waits to take one over looks
  // again at the row that changed, and finds it is not expired.
  const { held } = await db.oneRow<{ held: number }>(sql('seats.keep_held')`
    with hold as (
      update seats.holds set expires_at = ${until} where id = ${hold_id} and state = 'active'
   returning id),
    kept as (
      update seats.units set held_until = ${until}
       where hold_id = (select id from hold) and status = 'held'
   returning unit_code)
    select count(*)::int as held from kept`)
  return held === units
}

/** Turns what is held into sales. Sells nothing unless all `units` are still held. */
export const sellUnits = async (
  { db }: { db: Database },
  { hold_id, booking_id, units }: { hold_id: string; booking_id: string; units: number },
): Promise<boolean> => {
  const sold = await db.rows<Unit>(sql('seats.sell')`
    with held as (
      select flight_id, kind, unit_code, gen_random_uuid() as sale_id
        from seats.units
       where hold_id = ${hold_id} and status = 'held'
    order by flight_id, kind, unit_code
         for no key update),
    sold as (
      update seats.units u
         set status = 'sold', hold_id = null, held_until = null, sale_id = held.sale_id
        from held
       where (u.flight_id, u.kind, u.unit_code) = (held.flight_id, held.kind, held.unit_code)
         and (select count(*) from held) = ${units}
   returning u.flight_id, u.kind, u.unit_code, u.sale_id),
    hold as (
      update seats.holds set state = 'converted'
       where id = ${hold_id} and exists (select from sold))
    insert into seats.sales (id, flight_id, kind, unit_code, booking_id)
    select sale_id, flight_id, kind, unit_code, ${booking_id} from sold
 returning flight_id, kind, unit_code`)
  return sold.length === units
}

/** Gives sold units back to the sale: all of a booking's, or those of some flights. */
export const releaseSales = (
  { db }: { db: Database },
  { booking_id, flight_ids }: { booking_id: string; flight_ids: string[] },
) =>
  db.rows<Unit>(sql('seats.release_sales')`
    with released as (
      update seats.sales set released_at = clock_timestamp()
       where booking_id = ${booking_id} and flight_id = any (${flight_ids}::uuid[])
         and released_at is null
   returning id, flight_id, kind, unit_code)
    update seats.units u
       set status = 'available', sale_id = null
      from released
     where (u.flight_id, u.kind, u.unit_code) = (released.flight_id, released.kind, released.unit_code)
       and u.sale_id = released.id
 returning u.flight_id, u.kind, u.unit_code`)
