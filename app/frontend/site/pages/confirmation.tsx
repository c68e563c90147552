import { useRoute } from 'preact-iso'
import { calendarOf, download } from '../calendar.ts'
import { language } from '../language.ts'
import { BoardingPass } from '../parts/boarding-pass.tsx'
import { useAirportNames } from '../parts/booking-summary.tsx'
import { BookingTrouble } from '../parts/booking-trouble.tsx'
import { PayLink } from '../parts/pay-link.tsx'
import { PriceDetails } from '../parts/price-details.tsx'
import { useBooking } from '../parts/use-booking.ts'
import type { Booking } from '../parts/use-booking.ts'
import { useTitle } from '../parts/use-title.ts'
import { useSignal } from '../signal.ts'
import { bookingParts } from '../words/booking-parts.ts'
import { confirmation } from '../words/confirmation.ts'
import '../style/booking.css'
import '../style/confirmation.css'

export const Confirmation = () => {
  useSignal(language)
  const said = confirmation()
  useTitle(said.title)
  const { id = '' } = useRoute().params
  const { booking, error, reload } = useBooking(id)
  if (!booking) return <BookingTrouble title={said.title} error={error} onAgain={reload} />
  if (booking.status !== 'confirmed' && booking.status !== 'completed')
    return <NotYet booking={booking} />
  return <Confirmed booking={booking} />
}

const Confirmed = ({ booking }: { booking: Booking }) => {
  const said = confirmation()
  const parts = bookingParts()
  const { booking_reference: reference, slices, passengers } = booking
  const save = useCalendar(booking)
  return (
    <>
      <section class="card confirmed">
        <h1>{said.heading}</h1>
        <p>
          {parts.reference} <strong class="reference">{reference}</strong>
        </p>
        <p>{said.keep}</p>
        <div class="row no-print">
          <button type="button" onClick={save}>
            {said.calendar}
          </button>
          <button type="button" class="second" onClick={() => window.print()}>
            {said.print}
          </button>
          <a class="button second" href={`/booking/${booking.id}`}>
            {said.manage}
          </a>
        </div>
      </section>
      <h2>{said.passes}</h2>
      <p class="hint">
        {parts.local} {booking.pets > 0 && `${parts.pets(booking.pets)}.`}
      </p>
      {slices.flatMap((slice) =>
        passengers.map((passenger) => (
          <BoardingPass
            key={`${slice.flight_id} ${passenger.ordinal}`}
            reference={reference}
            slice={slice}
            passenger={passenger}
          />
        )),
      )}
      <section class="card">
        <PriceDetails title={said.price} lines={booking.lines} total={booking.total} />
      </section>
    </>
  )
}

const useCalendar = ({ slices, booking_reference: reference }: Booking) => {
  const said = confirmation()
  const { airportOf, cityOf } = useAirportNames()
  const events = slices.map((slice) => ({
    id: `${reference}-${slice.flight_id}`,
    starts_at: slice.departs_at,
    ends_at: slice.arrives_at,
    title: said.event(slice.flight_number, cityOf(slice.destination)),
    place: `${airportOf(slice.origin)} (${slice.origin})`,
    note: said.eventNote(reference),
  }))
  return () =>
    download(said.calendarFile(reference), calendarOf(events, new Date()), 'text/calendar')
}

const NotYet = ({ booking }: { booking: Booking }) => {
  const said = confirmation()
  const { statuses } = bookingParts()
  return (
    <>
      <h1>{said.notYet}</h1>
      <p>{said.notYetHow(statuses[booking.status] ?? booking.status)}</p>
      <p class="row">
        {booking.available_actions.includes('pay') && (
          <PayLink booking={booking}>{said.pay}</PayLink>
        )}
        <a class="button second" href={`/booking/${booking.id}`}>
          {said.manage}
        </a>
      </p>
    </>
  )
}
