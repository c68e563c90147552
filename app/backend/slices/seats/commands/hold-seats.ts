import type { Database } from '../../../kernel/database.ts'
import { record } from '../../../kernel/outbox.ts'
import { Problem, invalid } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { SeatsHeld } from '../events.ts'

/** How long a passenger may look at the map with seats in hand; each extension begins it anew. */
const HOLD_MINUTES = 10
/** A hold that is extended for ever would be a sale without money. */
const EXTENDED_AT_MOST_MINUTES = 40

export type HoldSeats = { flight_id: string; seats: string[] }
export type Hold = {
  id: string
  flight_id: string
  seats: string[]
  expires_at: Date
  extendable_until: Date
}

/** Holds every seat asked for, or none. */
export const holdSeats = async ({ db }: { db: Database }, { flight_id, seats }: HoldSeats) => {
  const wanted = [...new Set(seats)]
  return db.transaction(async (tx) => {
    await requireOnSale({ db: tx }, [flight_id])
    const hold = await createHold({ db: tx }, HOLD_MINUTES * 60)
    const taken = await takeNamed(tx, { hold, flight_id, wanted })
    if (taken.length < wanted.length) await explainRefusal(tx, { flight_id, wanted, taken })
    await record(
      tx,
      held({ hold_id: hold.id, flight_id, seats: wanted, expires_at: hold.expires_at }),
    )
    return shown(hold, flight_id, wanted)
  })
}

/** Begins the time anew, while the hold lives and has not been extended for too long. */
export const extendHold = ({ db }: { db: Database }, id: string) =>
  db.transaction(async (tx) => {
    const hold = await tx.maybeRow<CreatedHold>(sql('seats.extend_hold')`
      update seats.holds
         set expires_at = least(clock_timestamp() + ${HOLD_MINUTES} * interval '1 minute',
                                created_at + ${EXTENDED_AT_MOST_MINUTES} * interval '1 minute')
       where id = ${id} and state = 'active' and expires_at > clock_timestamp()
   returning id, expires_at, created_at`)
    const units = hold
      ? await tx.rows<{ flight_id: string; unit_code: string }>(sql('seats.extend_units')`
          update seats.units set held_until = ${hold.expires_at} where hold_id = ${hold.id}
       returning flight_id, unit_code`)
      : []
    const flight_id = units[0]?.flight_id
    if (!hold || flight_id === undefined) throw new Problem('hold-expired')
    return shown(
      hold,
      flight_id,
      units.map(({ unit_code }) => unit_code),
    )
  })

export const requireOnSale = async ({ db }: { db: Database }, flightIds: string[]) => {
  const [closed] = await db.rows<{ flight_id: string; known: boolean }>(sql('seats.closed')`
    select wanted.flight_id, d.flight_id is not null as known
      from unnest(${flightIds}::uuid[]) as wanted (flight_id)
      left join seats.departures d using (flight_id)
     where d.flight_id is null or d.closes_at <= clock_timestamp()
     limit 1`)
  if (!closed) return
  if (!closed.known) throw new Problem('not-found', 'There is no such flight.')
  throw new Problem('flight-closed', undefined, { members: { flight_id: closed.flight_id } })
}

export type CreatedHold = { id: string; expires_at: Date; created_at: Date }

export const createHold = ({ db }: { db: Database }, seconds: number) =>
  db.oneRow<CreatedHold>(sql('seats.create_hold')`
    insert into seats.holds (expires_at)
    values (clock_timestamp() + ${seconds} * interval '1 second')
 returning id, expires_at, created_at`)

// Rows are locked in the order of their codes, so that two parties that want the same seats wait for
// each other and never deadlock. What waits looks again at the row it gets: the first one wins.
const takeNamed = (
  tx: Database,
  { hold, flight_id, wanted }: { hold: CreatedHold; flight_id: string; wanted: string[] },
) =>
  tx.rows<{ unit_code: string }>(sql('seats.hold_named')`
    with locked as (
      select unit_code from seats.units
       where flight_id = ${flight_id} and kind = 'seat' and unit_code = any (${wanted})
    order by unit_code
         for no key update)
    update seats.units u
       set status = 'held', hold_id = ${hold.id}, held_until = ${hold.expires_at}
      from locked
     where u.flight_id = ${flight_id}
       and u.kind = 'seat'
       and u.unit_code = locked.unit_code
       and (u.status = 'available'
            or (u.status = 'held' and u.held_until <= clock_timestamp()))
 returning u.unit_code`)

const explainRefusal = async (
  tx: Database,
  {
    flight_id,
    wanted,
    taken,
  }: { flight_id: string; wanted: string[]; taken: { unit_code: string }[] },
) => {
  const known = await tx.rows<{ unit_code: string }>(sql('seats.known')`
    select unit_code from seats.units
     where flight_id = ${flight_id} and kind = 'seat' and unit_code = any (${wanted})`)
  const has = (list: { unit_code: string }[], seat: string) =>
    list.some(({ unit_code }) => unit_code === seat)
  const unknown = wanted.filter((seat) => !has(known, seat))
  if (unknown.length > 0)
    throw invalid({
      pointer: '/seats',
      code: 'unknown_seat',
      detail: `This aircraft has no seat ${unknown.join(', ')}.`,
    })
  const units = wanted.filter((seat) => !has(taken, seat))
  throw new Problem('seat-unavailable', `${units.join(', ')} cannot be had; nothing was held.`, {
    members: { units },
  })
}

const shown = (hold: CreatedHold, flight_id: string, seats: string[]): Hold => ({
  id: hold.id,
  flight_id,
  seats,
  expires_at: hold.expires_at,
  extendable_until: new Date(hold.created_at.getTime() + EXTENDED_AT_MOST_MINUTES * 60_000),
})

const held = (data: SeatsHeld['data']): SeatsHeld => ({
  type: 'seat.held',
  ordering_key: `flight:${data.flight_id}`,
  data,
})
