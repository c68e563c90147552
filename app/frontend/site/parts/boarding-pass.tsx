import { dateAt, day, timeAt } from '../formats.ts'
import { bookingParts } from '../words/booking-parts.ts'
import { confirmation } from '../words/confirmation.ts'
import { nameOf, seatOf, useAirportNames } from './booking-summary.tsx'
import type { Slice } from './booking-summary.tsx'
import { QrCode } from './qr-code.tsx'
import type { Booking } from './use-booking.ts'

type Props = {
  reference: string
  slice: Slice
  passenger: Booking['passengers'][number]
}

/** What one passenger shows for one flight. */
export const BoardingPass = ({ reference, slice, passenger }: Props) => {
  const said = confirmation()
  const parts = bookingParts()
  const { zoneOf } = useAirportNames()
  const name = nameOf(passenger)
  const seat = seatOf(slice, passenger)
  const from = zoneOf(slice.origin)
  return (
    <article class="card pass" aria-label={said.passOf(name, slice.flight_number)}>
      <div class="route">
        <Place code={slice.origin} label={said.from} />
        <svg class="plane" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M2 13h13l-5 7h2.5L21 12l-8.500-8H10l5 7H2z" fill="currentColor" />
        </svg>
        <Place code={slice.destination} label={said.to} />
      </div>
      <dl>
        <Fact label={said.passenger} value={name} isWide />
        <Fact label={parts.flight} value={slice.flight_number} />
        <Fact label={said.date} value={day(dateAt(slice.departs_at, from))} />
        <Fact label={parts.seat} value={seat.replace(`${parts.seat} `, '')} />
        <Fact label={said.departs} value={timeAt(slice.departs_at, from)} />
        <Fact label={said.arrives} value={timeAt(slice.arrives_at, zoneOf(slice.destination))} />
        <Fact label={said.cabin} value={parts.cabins[slice.cabin] ?? slice.cabin} />
      </dl>
      <div class="stub">
        <QrCode
          text={`AEROFLASH ${reference} ${slice.flight_number} ${slice.departure_date} ${passenger.ordinal}`}
          label={`${said.scan}: ${reference}, ${slice.flight_number}`}
        />
        <strong>{reference}</strong>
      </div>
    </article>
  )
}

const Place = ({ code, label }: { code: string; label: string }) => {
  const { cityOf } = useAirportNames()
  return (
    <div>
      <small>{label}</small>
      <strong>{code}</strong>
      <span>{cityOf(code)}</span>
    </div>
  )
}

const Fact = ({ label, value, isWide }: { label: string; value: string; isWide?: boolean }) => (
  <div class={isWide ? 'broad' : ''}>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </div>
)
