import type { InferResponseType } from 'hono/client'
import { useEffect, useState } from 'preact/hooks'
import { api, ask } from '../api.ts'
import { duration, money, timeAt } from '../formats.ts'
import { change } from '../words/change.ts'
import { useAirportNames } from './booking-summary.tsx'
import type { Slice } from './booking-summary.tsx'
import { whyNot } from './change-refusal.ts'
import { FEW_SEATS, fareOf } from './results-prices.ts'
import type { Booking } from './use-booking.ts'

export type FoundFlight = InferResponseType<typeof api.flights.$get, 200>['flights'][number]

type Props = {
  booking: Booking
  slice: Slice
  date: string
  chosen: FoundFlight | undefined
  error: string | undefined
  onChoose: (flight: FoundFlight) => void
}

/** Other flights of the same route on a day, with room for everybody. */
export const FlightChoice = ({ booking, slice, date, chosen, error, onChoose }: Props) => {
  const said = change()
  const { flights, trouble } = useFlights(booking, slice, date)
  const { zoneOf } = useAirportNames()
  return (
    <fieldset class="choices found" data-invalid={error ? '' : undefined}>
      <legend>{said.flights}</legend>
      <p role="status">
        {trouble !== undefined && whyNot(trouble)}
        {trouble === undefined && !flights && said.looking}
        {flights?.length === 0 && said.none}
      </p>
      {flights?.map((flight) => (
        <label key={flight.id} class="choice">
          <input
            type="radio"
            name="flight"
            checked={flight.id === chosen?.id}
            onChange={() => onChoose(flight)}
          />
          <span>
            <strong>
              {timeAt(flight.departs_at, zoneOf(flight.origin))} –{' '}
              {timeAt(flight.arrives_at, zoneOf(flight.destination))} · {flight.flight_number}
            </strong>
            <small>
              {duration(flight.departs_at, flight.arrives_at)} · {said.from(money(fareOf(flight)))}
              {flight.seats_left <= FEW_SEATS && ` · ${said.left(flight.seats_left)}`}
            </small>
          </span>
        </label>
      ))}
      {error && (
        <small class="error" role="alert">
          {error}
        </small>
      )}
    </fieldset>
  )
}

const useFlights = ({ slices, passengers }: Booking, slice: Slice, date: string) => {
  const [state, set] = useState<{ flights?: FoundFlight[]; trouble?: unknown }>({})
  useEffect(() => {
    let isCurrent = true
    set({})
    if (!/^20\d\d-\d\d-\d\d$/.test(date)) return undefined
    const seated = passengers.filter(({ type }) => type !== 'infant_without_seat')
    const { origin, destination } = slice
    const query = { origin, destination, departure_date: date, passengers: String(seated.length) }
    ask(api.flights.$get({ query })).then(
      ({ flights }) => {
        const own = slices.map(({ flight_id }) => flight_id)
        if (isCurrent) set({ flights: flights.filter(({ id }) => !own.includes(id)) })
      },
      (trouble: unknown) => isCurrent && set({ trouble }),
    )
    return () => {
      isCurrent = false
    }
  }, [slice.flight_id, date])
  return state
}
