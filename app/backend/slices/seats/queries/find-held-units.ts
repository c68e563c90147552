import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Unit } from '../events.ts'

/** Everything that a hold has now, seats and places alike. */
export const findHeldUnits = ({ db }: { db: Database }, hold_id: string) =>
  db.rows<Unit>(sql('seats.find_held_units')`
    select flight_id, kind, unit_code, cabin
      from seats.units
     where hold_id = ${hold_id} and status = 'held'
  order by flight_id, kind, position`)
