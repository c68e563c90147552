import { useAirports } from '../airports.ts'
import { dateAt, day, duration, timeAt } from '../formats.ts'
import { bookingParts } from '../words/booking-parts.ts'
import type { Booking } from './use-booking.ts'

export type Slice = Booking['slices'][number]
type Passenger = Booking['passengers'][number]

export const nameOf = ({ given_name, family_name }: Passenger) => `${given_name} ${family_name}`

/** 'Seat 12A', or why there is none. */
export const seatOf = ({ seats }: Slice, { ordinal, type }: Passenger) => {
  const said = bookingParts()
  const seat = seats.find(({ passenger }) => passenger === ordinal)?.seat
  if (seat) return `${said.seat} ${seat}`
  return type === 'infant_without_seat' ? said.lap : said.noSeat
}

/** Looks up what an airport's code stands for; the code itself until the airports are there. */
export const useAirportNames = () => {
  const airports = useAirports()
  const airport = (code: string) => airports.find(({ iata_code }) => iata_code === code)
  return {
    cityOf: (code: string) => airport(code)?.city ?? code,
    airportOf: (code: string) => airport(code)?.name ?? code,
    zoneOf: (code: string) => airport(code)?.time_zone ?? 'America/Bogota',
  }
}

type SliceListProps = {
  slices: Slice[]
  /** With a way to the status of each flight. */
  isFollowed?: boolean
}

/** What flies, from where to where and when, on the clocks of both places. */
export const SliceList = ({ slices, isFollowed = false }: SliceListProps) => {
  const said = bookingParts()
  const { cityOf, zoneOf } = useAirportNames()
  if (slices.length === 0) return <p>{said.noFlights}</p>
  return (
    <ul class="slices">
      {slices.map((slice) => (
        <li key={slice.flight_id}>
          <strong>
            {cityOf(slice.origin)} → {cityOf(slice.destination)}
          </strong>
          <span class="times">
            {timeAt(slice.departs_at, zoneOf(slice.origin))} –{' '}
            {timeAt(slice.arrives_at, zoneOf(slice.destination))}
          </span>
          <span class="when">
            {day(dateAt(slice.departs_at, zoneOf(slice.origin)))} · {slice.flight_number} ·{' '}
            {duration(slice.departs_at, slice.arrives_at)}
          </span>
          {said.flightStatuses[slice.status] && (
            <span class="badge">{said.flightStatuses[slice.status]}</span>
          )}
          {isFollowed && (
            <a class="when" href={`/flight-status?flight=${slice.flight_id}`}>
              {said.follow(slice.flight_number)}
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}

/** Who travels, and where each one sits. */
export const PassengerList = ({ passengers, slices, pets }: Booking) => {
  const said = bookingParts()
  return (
    <ul class="people">
      {passengers.map((passenger) => (
        <li key={passenger.ordinal}>
          <strong>{nameOf(passenger)}</strong>
          <small>
            {said.types[passenger.type]} · {said.document(passenger.document.number_ends)}
          </small>
          <small>
            {slices
              .map((slice) => `${slice.flight_number}: ${seatOf(slice, passenger)}`)
              .join(' · ')}
          </small>
        </li>
      ))}
      {pets > 0 && <li>{said.pets(pets)}</li>}
    </ul>
  )
}
