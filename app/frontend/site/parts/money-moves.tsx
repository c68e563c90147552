import { money } from '../formats.ts'
import { booking } from '../words/booking.ts'
import type { Booking } from './use-booking.ts'

/** Every payment and refund of a booking, and what its state means for the person. */
export const MoneyMoves = ({ booking: { payments, refunds, currency } }: { booking: Booking }) => {
  const said = booking()
  if (payments.length === 0 && refunds.length === 0) return null
  return (
    <section class="card">
      <h2>{said.money}</h2>
      <ul class="money-moves" aria-live="polite">
        {payments.map(({ id, status, amount }) => (
          <li key={id}>
            <span>{said.payment}</span>
            <strong>{money({ amount, currency })}</strong>
            <small>{said.payments[status] ?? status}</small>
          </li>
        ))}
        {refunds.map(({ id, status, amount, reason }) => (
          <li key={id}>
            <span>
              {said.refund} {said.reasons[reason] ?? ''}
            </span>
            <strong>{money({ amount, currency })}</strong>
            <small>{said.refunds[status] ?? status}</small>
          </li>
        ))}
      </ul>
    </section>
  )
}
