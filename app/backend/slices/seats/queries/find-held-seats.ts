import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'

export type HeldSeat = { hold_id: string; flight_id: string; unit_code: string; cabin: string }

/** The seats of holds that are alive, front to back. */
export const findHeldSeats = ({ db }: { db: Database }, holdIds: string[]) =>
  db.rows<HeldSeat>(sql('seats.find_held')`
    select u.hold_id, u.flight_id, u.unit_code, u.cabin
      from seats.units u
      join seats.holds h on h.id = u.hold_id
     where u.hold_id = any (${holdIds}::uuid[])
       and h.state = 'active'
       and u.held_until > clock_timestamp()
  order by u.flight_id, u.position`)
