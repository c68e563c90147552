import type { ComponentChildren } from 'preact'
import { changeTrip, readTrip } from '../trip.ts'
import type { Booking } from './use-booking.ts'

type Props = { booking: Booking; children: ComponentChildren }

/** To the payment of a booking that was made before, perhaps on another day or device. */
export const PayLink = ({ booking: { id, booking_reference }, children }: Props) => {
  const take = () => {
    // The key of a payment under way stays with its booking.
    if (readTrip().booking?.id === id) return
    changeTrip({
      booking: { id, booking_reference },
      payment_key: undefined,
      payment_card: undefined,
    })
  }
  return (
    <a class="button" href="/payment" onClick={take}>
      {children}
    </a>
  )
}
