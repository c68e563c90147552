import type { Database } from '../../kernel/database.ts'
import { note } from '../../kernel/ledger.ts'
import { record } from '../../kernel/outbox.ts'
import { Problem } from '../../kernel/problems.ts'
import { sql } from '../../kernel/sql.ts'
import type { BookingEvent, BookingStatus } from './events.ts'
import { countEvent } from './metrics.ts'

export type Transition = {
  booking_id: string
  from: BookingStatus
  to: BookingStatus
  reason: string
  /** Who did it: passenger:<id>, guest, anonymous, manager:<id>, system. */
  actor: string
  event: BookingEvent['type']
}

/**
 * The one way in which a booking changes: a conditional update with the next version, its row in the
 * history and its event, in the caller's transaction. The total follows from the lines.
 */
export const transition = async (
  tx: Database,
  change: Transition,
): Promise<{ version: number }> => {
  const moved = await tx.maybeRow<{ booking_reference: string; version: number }>(
    sql('bookings.transition')`
      with moved as (
        update bookings.bookings b
           set status = ${change.to}, version = version + 1,
               total_amount = (select sum(amount) from bookings.lines where booking_id = b.id),
               payment_locked_until = null,
               confirmed_at = case when ${change.to} = 'confirmed' then coalesce(confirmed_at, clock_timestamp())
                                   else confirmed_at end,
               ended_at = case when ${change.to} in ('expired', 'cancelled', 'failed', 'completed')
                               then clock_timestamp() end
         where id = ${change.booking_id} and status = ${change.from}
     returning id, booking_reference, version)
      insert into bookings.history (booking_id, version, from_status, to_status, reason, actor)
      select id, version, ${change.from}, ${change.to}, ${change.reason}, ${change.actor} from moved
   returning version, (select booking_reference from moved)`,
  )
  if (!moved) throw stateConflict(change.from)
  note('booking_reference', moved.booking_reference)
  tx.afterCommit(() => countEvent(change.event))
  await record(tx, bookingEvent(change, moved))
  return { version: moved.version }
}

export const bookingEvent = (
  { booking_id, event, reason }: Pick<Transition, 'booking_id' | 'event' | 'reason'>,
  { booking_reference, version }: { booking_reference: string; version: number },
): BookingEvent => ({
  type: event,
  ordering_key: `booking:${booking_id}`,
  data: { booking_id, booking_reference, version, reason },
})

export const stateConflict = (status: BookingStatus) =>
  new Problem('booking-state-conflict', `The booking is ${status.replaceAll('_', ' ')}.`, {
    members: { status },
  })
