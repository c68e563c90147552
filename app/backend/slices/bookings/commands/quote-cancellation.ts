import type { Principal } from '../../../kernel/principal.ts'
import { Problem } from '../../../kernel/problems.ts'
import { sumOf } from '../../../kernel/money.ts'
import { sql } from '../../../kernel/sql.ts'
import { flightIdsOf } from '../items.ts'
import { leaveFlights } from '../leaving.ts'
import type { Needs } from '../leaving.ts'
import type { NewLine } from '../lines.ts'
import { lockOwnBooking } from '../lock-booking.ts'
import type { Considered } from '../retention.ts'
import { stateConflict } from '../transition.ts'

/** The rules look at hours: a quote that lives longer could promise what no longer holds. */
export const QUOTE_MINUTES = 15

export type CancellationQuote = {
  id: string
  booking_id: string
  booking_version: number
  status: string
  lines: NewLine[]
  rules: Considered[]
  refund_amount: number
  retained_amount: number
  currency: string
  expires_at: Date
}

/** Says, line by line, what cancelling gives back. The newest quote of a booking is the one that counts. */
export const quoteCancellation = async (
  needs: Needs,
  { booking_id, who }: { booking_id: string; who: Principal },
): Promise<CancellationQuote> => {
  const booking = await lockOwnBooking(needs.db, booking_id, who)
  if (!['pending_payment', 'confirmed'].includes(booking.status))
    throw stateConflict(booking.status)
  if (booking.is_payment_locked) throw new Problem('payment-pending')

  const flight_ids = await flightIdsOf(needs.db, booking_id)
  const { lines, rules, retained } = await leaveFlights(needs, {
    booking,
    flight_ids,
    applies_to: 'cancellation',
  })
  const refund = booking.confirmed_at ? -sumOf(lines.map(({ amount }) => amount)) : 0
  await needs.db.rows(sql('bookings.supersede_cancellation')`
    update bookings.cancellation_quotes set status = 'superseded'
     where booking_id = ${booking_id} and status = 'quoted'`)
  return needs.db.oneRow<CancellationQuote>(sql('bookings.insert_cancellation')`
    insert into bookings.cancellation_quotes
           (booking_id, booking_version, lines, rules, refund_amount, retained_amount, currency, expires_at)
    values (${booking_id}, ${booking.version}, ${JSON.stringify(lines)}, ${JSON.stringify(rules)},
            ${refund}, ${retained}, ${booking.currency},
            clock_timestamp() + ${QUOTE_MINUTES} * interval '1 minute')
 returning id, booking_id, booking_version, status, lines, rules, refund_amount, retained_amount,
           currency, expires_at`)
}
