import type { Database } from '../../kernel/database.ts'
import { note } from '../../kernel/ledger.ts'
import { isStaff } from '../../kernel/principal.ts'
import type { Principal } from '../../kernel/principal.ts'
import { Problem } from '../../kernel/problems.ts'
import { sql } from '../../kernel/sql.ts'
import type { BookingStatus } from './events.ts'

export type LockedBooking = {
  id: string
  booking_reference: string
  status: BookingStatus
  version: number
  total_amount: number
  currency: string
  hold_id: string
  pets: number
  payment_required_by: Date
  /** Money is moving for it. */
  is_payment_locked: boolean
  /** Its time to pay is over. */
  is_due: boolean
  confirmed_at: Date | null
}

/** Whose bookings a principal may touch, as values for a query: their own, one by its token, or all. */
export const reachOf = (who: Principal) => ({
  account_id: who.kind === 'account' ? who.id : null,
  guest_of: who.kind === 'guest' ? who.booking_id : null,
  is_staff: isStaff(who),
})

/** Reads a booking that is about to change; whoever else wants to change it waits. */
export const lockBooking = async (tx: Database, booking_id: string) => {
  const booking = await tx.maybeRow<LockedBooking>(sql('bookings.lock')`
    select id, booking_reference, status, version, total_amount, currency, hold_id, pets,
           payment_required_by, confirmed_at,
           coalesce(payment_locked_until > clock_timestamp(), false) as is_payment_locked,
           payment_required_by <= clock_timestamp() as is_due
      from bookings.bookings
     where id = ${booking_id}
       for no key update`)
  if (!booking) throw noSuchBooking()
  note('booking_reference', booking.booking_reference)
  return booking
}

/** As `lockBooking`, for someone who asks: other people's bookings do not exist for them. */
export const lockOwnBooking = async (tx: Database, booking_id: string, who: Principal) => {
  const { account_id, guest_of, is_staff } = reachOf(who)
  const own = await tx.maybeRow(sql('bookings.owned')`
    select id from bookings.bookings
     where id = ${booking_id}
       and (${is_staff} or account_id = ${account_id} or id = ${guest_of})`)
  if (!own) throw noSuchBooking()
  return lockBooking(tx, booking_id)
}

export const noSuchBooking = () => new Problem('not-found', 'You have no such booking.')
