import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import { countExpired } from '../metrics.ts'

/** Lets go of what is held. Whatever has become of the hold, afterwards it holds nothing. */
export const releaseHold = ({ db }: { db: Database }, id: string) =>
  db.transaction(async (tx) => {
    await freeUnits(tx, [id])
    await tx.rows(sql('seats.release_hold')`
      update seats.holds set state = 'released' where id = ${id} and state = 'active'`)
  })

/**
 * Housekeeping: frees what nobody took over. Correctness never waits for it, since a claim takes
 * expired units by itself.
 */
export const expireHolds = ({ db }: { db: Database }) =>
  db.transaction(async (tx) => {
    const expired = await tx.rows<{ id: string }>(sql('seats.expire_holds')`
      update seats.holds set state = 'expired'
       where id in (
         select id from seats.holds
          where state = 'active'
            and expires_at <= clock_timestamp()
       order by id
          limit 200
            for update skip locked)
   returning id`)
    if (expired.length > 0)
      await freeUnits(
        tx,
        expired.map(({ id }) => id),
      )
    tx.afterCommit(() => countExpired(expired.length))
    return expired.length
  })

const freeUnits = (tx: Database, holdIds: string[]) =>
  tx.rows(sql('seats.free_held')`
    with locked as (
      select flight_id, kind, unit_code from seats.units
       where hold_id = any (${holdIds}::uuid[])
    order by flight_id, kind, unit_code
         for no key update)
    update seats.units u
       set status = 'available', hold_id = null, held_until = null
      from locked
     where (u.flight_id, u.kind, u.unit_code) = (locked.flight_id, locked.kind, locked.unit_code)
       and u.hold_id = any (${holdIds}::uuid[])`)
