import type { Database } from '../../../kernel/database.ts'
import type { Principal } from '../../../kernel/principal.ts'
import { Problem } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import { countItems } from '../items.ts'
import { lockBooking, lockOwnBooking } from '../lock-booking.ts'
import { bookSweets } from '../sweets.ts'
import { stateConflict, transition } from '../transition.ts'

export type KeepHeld = (
  within: { db: Database },
  hold: { hold_id: string; until: Date; units: number },
) => Promise<boolean>
export type SellUnits = (
  within: { db: Database },
  sale: { hold_id: string; booking_id: string; units: number },
) => Promise<boolean>

type Within = { db: Database; keepHeld: KeepHeld }

/**
 * Money is about to move for a booking: keeps its seats until `until` and says what it costs. Refuses
 * when there is nothing to pay or the seats are gone. Callers pass the payment's transaction.
 */
export const beginBookingPayment = async (
  { db, keepHeld }: Within,
  { booking_id, who, until }: { booking_id: string; who: Principal; until: Date },
) => {
  const booking = await lockOwnBooking(db, booking_id, who)
  if (booking.status !== 'pending_payment') throw stateConflict(booking.status)
  if (booking.is_payment_locked) throw new Problem('payment-pending')
  if (booking.is_due) throw new Problem('hold-expired', 'The time to pay this booking is over.')
  const units = await countItems(db, booking_id)
  if (!(await keepHeld({ db }, { hold_id: booking.hold_id, until, units })))
    throw new Problem('hold-expired', 'The seats of this booking are no longer held.')
  await lockUntil(db, booking_id, until)
  return { booking_id, amount: booking.total_amount, currency: booking.currency }
}

/** The payment is still on its way: keeps the seats for longer, if they are still there. */
export const keepBookingForPayment = async (
  { db, keepHeld }: Within,
  { booking_id, until }: { booking_id: string; until: Date },
) => {
  const booking = await lockBooking(db, booking_id)
  if (booking.status !== 'pending_payment') return
  const units = await countItems(db, booking_id)
  await keepHeld({ db }, { hold_id: booking.hold_id, until, units })
  await lockUntil(db, booking_id, until)
}

/** The money did not come: the booking waits on, for as long as it would have without the attempt. */
export const reopenBooking = async (
  { db, keepHeld }: Within,
  { booking_id }: { booking_id: string },
) => {
  const booking = await lockBooking(db, booking_id)
  if (booking.status !== 'pending_payment') return
  const units = await countItems(db, booking_id)
  await keepHeld({ db }, { hold_id: booking.hold_id, until: booking.payment_required_by, units })
  await lockUntil(db, booking_id, null)
}

/**
 * The money came: sells the seats and confirms. Answers false when there is nothing to sell any more
 * (expired, cancelled, seats lost): the caller then sends the money back.
 */
export const confirmBooking = async (
  { db, sellUnits }: { db: Database; sellUnits: SellUnits },
  { booking_id }: { booking_id: string },
): Promise<boolean> => {
  const booking = await lockBooking(db, booking_id)
  if (booking.status !== 'pending_payment') return false
  const units = await countItems(db, booking_id)
  const sold = await sellUnits({ db }, { hold_id: booking.hold_id, booking_id, units })
  const step = { booking_id, from: 'pending_payment' as const, actor: 'system' }
  if (!sold) {
    await transition(db, { ...step, to: 'failed', reason: 'seats lost', event: 'booking.failed' })
    return false
  }
  await transition(db, { ...step, to: 'confirmed', reason: 'paid', event: 'booking.confirmed' })
  await bookSweets(db, { booking_id })
  return true
}

const lockUntil = (db: Database, booking_id: string, until: Date | null) =>
  db.rows(sql('bookings.lock_for_payment')`
    update bookings.bookings set payment_locked_until = ${until}
     where id = ${booking_id} and status = 'pending_payment'`)
