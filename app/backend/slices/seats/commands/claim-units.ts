import type { Database } from '../../../kernel/database.ts'
import { Problem } from '../../../kernel/problems.ts'
import type { ProblemSlug } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Kind, Unit } from '../events.ts'
import { createHold, requireOnSale } from './hold-seats.ts'

/** How many of what, on which flight: seats of a cabin, lap places and pet places of `any`. */
export type Want = { flight_id: string; kind: Kind; cabin: string; count: number }

export type ClaimUnits = {
  wants: Want[]
  /** Seats already held for these passengers: they count towards the wants and are taken along. */
  hold_ids: string[]
  /** The units are held for this long; a payment must be under way by then. */
  seconds: number
}

/**
 * Claims everything that a booking travels on, or nothing, under one new hold. Callers pass the
 * transaction that the booking is written in. Who chose no seat gets the foremost free one.
 */
export const claimUnits = async (within: { db: Database }, claim: ClaimUnits) => {
  const { db } = within
  const wants = claim.wants.filter(({ count }) => count > 0)
  const [hold] = await Promise.all([
    createHold(within, claim.seconds),
    requireOnSale(within, [...new Set(wants.map(({ flight_id }) => flight_id))]),
  ])

  const chosen = claim.hold_ids.length > 0 ? await takeAlong(db, claim.hold_ids, hold) : []
  const free = await takeFree(db, lacking(wants, chosen), hold)
  const sofar = [...chosen, ...free]
  const short = lacking(wants, sofar)
  const expired = short.length > 0 ? await takeExpired(db, short, hold) : []
  const units = [...sofar, ...expired]

  const [missing] = lacking(wants, units)
  if (missing) throw refusalOf(missing, units)
  return { hold_id: hold.id, expires_at: hold.expires_at, units }
}

const lacking = (wants: Want[], units: Unit[]): Want[] =>
  wants
    .map((want) => ({ ...want, count: want.count - countOf(units, want) }))
    .filter(({ count }) => count > 0)

const countOf = (units: Unit[], { flight_id, kind, cabin }: Want) =>
  units.filter((u) => u.flight_id === flight_id && u.kind === kind && u.cabin === cabin).length

type NewHold = { id: string; expires_at: Date }

const takeAlong = async (db: Database, holdIds: string[], hold: NewHold) => {
  const [dead] = await db.rows<{ id: string }>(sql('seats.convert_holds')`
    with converted as (
      update seats.holds set state = 'converted'
       where id = any (${holdIds}::uuid[]) and state = 'active'
   returning id)
    select wanted.id from unnest(${holdIds}::uuid[]) as wanted (id)
      left join converted using (id)
     where converted.id is null`)
  if (dead) throw new Problem('hold-expired', undefined, { members: { seat_hold_id: dead.id } })
  return db.rows<Unit>(sql('seats.take_along')`
    update seats.units
       set hold_id = ${hold.id}, held_until = ${hold.expires_at}
     where hold_id = any (${holdIds}::uuid[]) and status = 'held'
 returning flight_id, kind, unit_code, cabin`)
}

// Whoever wants just any seat steps over the rows that others are about to take.
const takeFree = (db: Database, wants: Want[], hold: NewHold) =>
  db.rows<Unit>(sql('seats.take_free')`
    with wanted as (
      select * from jsonb_to_recordset(${JSON.stringify(wants)})
        as w (flight_id uuid, kind text, cabin text, count int)),
    free as (
      select u.flight_id, u.kind, u.unit_code
        from wanted w
       cross join lateral (
         select flight_id, kind, unit_code
           from seats.units
          where flight_id = w.flight_id and kind = w.kind and cabin = w.cabin and status = 'available'
       order by position
          limit w.count
            for no key update skip locked) u)
    update seats.units u
       set status = 'held', hold_id = ${hold.id}, held_until = ${hold.expires_at}
      from free
     where (u.flight_id, u.kind, u.unit_code) = (free.flight_id, free.kind, free.unit_code)
       and u.status = 'available'
 returning u.flight_id, u.kind, u.unit_code, u.cabin`)

const takeExpired = (db: Database, wants: Want[], hold: NewHold) =>
  db.rows<Unit>(sql('seats.take_expired')`
    with wanted as (
      select * from jsonb_to_recordset(${JSON.stringify(wants)})
        as w (flight_id uuid, kind text, cabin text, count int)),
    expired as (
      select u.flight_id, u.kind, u.unit_code
        from wanted w
       cross join lateral (
         select flight_id, kind, unit_code
           from seats.units
          where flight_id = w.flight_id and kind = w.kind and cabin = w.cabin
            and status = 'held' and held_until <= clock_timestamp()
       order by position
          limit w.count
            for no key update skip locked) u)
    update seats.units u
       set hold_id = ${hold.id}, held_until = ${hold.expires_at}
      from expired
     where (u.flight_id, u.kind, u.unit_code) = (expired.flight_id, expired.kind, expired.unit_code)
      and u.held_until <= clock_timestamp()
 returning u.flight_id, u.kind, u.unit_code, u.cabin`)

const refusals: Record<Kind, ProblemSlug> = {
  seat: 'sold-out',
  infant: 'capacity-infants',
  pet: 'capacity-pets',
}

const refusalOf = (missing: Want, units: Unit[]) =>
  new Problem(refusals[missing.kind], undefined, {
    members: {
      flight_id: missing.flight_id,
      left: countOf(units, missing),
      lacking: missing.count,
    },
  })
