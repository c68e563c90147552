import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import { transition } from '../transition.ts'

export type Needs = {
  db: Database
  releaseHold: (within: { db: Database }, id: string) => Promise<void>
}

/** Ends bookings whose time to pay is over and for which no money is moving, each in its own step. */
export const expireBookings = async ({ db, releaseHold }: Needs): Promise<number> => {
  let expired = 0
  while (await db.transaction((tx) => expireNext(tx, releaseHold))) expired += 1
  return expired
}

const expireNext = async (tx: Database, releaseHold: Needs['releaseHold']) => {
  const due = await tx.maybeRow<{ id: string; hold_id: string }>(sql('bookings.next_due')`
    select id, hold_id
      from bookings.bookings
     where status = 'pending_payment'
       and payment_required_by <= clock_timestamp()
       and coalesce(payment_locked_until, '-infinity') <= clock_timestamp()
  order by payment_required_by
     limit 1
       for no key update skip locked`)
  if (!due) return false
  await releaseHold({ db: tx }, due.hold_id)
  await transition(tx, {
    booking_id: due.id,
    from: 'pending_payment',
    to: 'expired',
    reason: 'not paid in time',
    actor: 'system',
    event: 'booking.expired',
  })
  return true
}

/** Closes bookings that have been flown. */
export const completeBookings = async ({ db }: { db: Database }): Promise<number> => {
  let completed = 0
  while (await db.transaction(completeNext)) completed += 1
  return completed
}

const completeNext = async (tx: Database) => {
  const flown = await tx.maybeRow<{ id: string }>(sql('bookings.next_flown')`
    select id
      from bookings.bookings
     where status = 'confirmed' and last_arrival_at < clock_timestamp()
  order by last_arrival_at
     limit 1
       for no key update skip locked`)
  if (!flown) return false
  await transition(tx, {
    booking_id: flown.id,
    from: 'confirmed',
    to: 'completed',
    reason: 'flown',
    actor: 'system',
    event: 'booking.completed',
  })
  return true
}
