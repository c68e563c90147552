import { useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import type { InferResponseType } from 'hono/client'
import { loadAirports } from '../airports.ts'
import type { Airport } from '../airports.ts'
import { api, ask } from '../api.ts'
import { dateAt, longDay, timeAt } from '../formats.ts'
import { flightStatus } from '../words/flight-status.ts'
import { sentenceFor } from '../words/problems.ts'
import { AirportInput } from './airport-input.tsx'
import { Alert } from './alert.tsx'
import { Field } from './field.tsx'

export type Asked = { origin: string; destination: string; date: string }
type Errors = Partial<Record<keyof Asked, string>>

/** The form: what it asks for stands in the address. */
export const StatusForm = ({ asked }: { asked: Asked }) => {
  const said = flightStatus()
  const { route } = useLocation()
  const [typed, set] = useState<Asked>({
    ...asked,
    date: asked.date || dateAt(new Date(), 'America/Bogota'),
  })
  const [errors, setErrors] = useState<Errors>({})
  const change = (changes: Partial<Asked>) => set((known) => ({ ...known, ...changes }))

  const submit = (event: Event) => {
    event.preventDefault()
    const wrong = look(typed)
    setErrors(wrong)
    if (Object.keys(wrong).length === 0) route(`/flight-status?${new URLSearchParams(typed)}`)
  }
  return (
    <form class="card status-form" onSubmit={submit} noValidate>
      <AirportInput
        label={said.from}
        value={typed.origin}
        error={errors.origin}
        onChoose={(origin) => change({ origin })}
      />
      <AirportInput
        label={said.to}
        value={typed.destination}
        error={errors.destination}
        onChoose={(destination) => change({ destination })}
      />
      <Field label={said.date} error={errors.date}>
        <input
          type="date"
          value={typed.date}
          onInput={(e) => change({ date: e.currentTarget.value })}
        />
      </Field>
      <button type="submit">{said.find}</button>
    </form>
  )
}

const look = ({ origin, destination, date }: Asked): Errors => {
  const said = flightStatus()
  return {
    ...(!origin && { origin: said.needPlace }),
    ...(!destination && { destination: said.needPlace }),
    ...(origin && origin === destination && { destination: said.samePlace }),
    ...(!date && { date: said.needDay }),
  }
}

type Found = InferResponseType<typeof api.flights.$get, 200>['flights']
type Answer = { flights?: Found; airports?: Airport[]; problem?: unknown }

/** The flights of a route on a day, each a link to its status. */
export const StatusList = ({ asked }: { asked: Asked }) => {
  const said = flightStatus()
  const { origin, destination, date } = asked
  const [{ flights, airports, problem }, set] = useState<Answer>({})
  useEffect(() => {
    let current = true
    const answer = (next: Answer) => current && set(next)
    set({})
    const query = { origin, destination, departure_date: date, limit: '200' }
    Promise.all([ask(api.flights.$get({ query })), loadAirports()]).then(
      ([found, known]) => answer({ flights: found.flights, airports: known }),
      (refused: unknown) => answer({ problem: refused }),
    )
    return () => void (current = false)
  }, [origin, destination, date])

  const zoneOf = (code: string) =>
    airports?.find(({ iata_code }) => iata_code === code)?.time_zone ?? 'America/Bogota'

  if (problem) return <Alert>{sentenceFor(problem)}</Alert>
  return (
    <section class="status-list">
      <h2>
        {said.flights} <small>{longDay(date)}</small>
      </h2>
      {!flights && <p role="status">{said.loading}</p>}
      {flights?.length === 0 && <NoFlights />}
      <ul>
        {flights?.map((flight) => (
          <li key={flight.id}>
            <a class="card" href={`/flight-status?flight=${flight.id}`}>
              <strong>{flight.flight_number}</strong>
              <span>
                {timeAt(flight.departs_at, zoneOf(origin))} →{' '}
                {timeAt(flight.arrives_at, zoneOf(destination))}
              </span>
              <b class="status-name" data-status={flight.status}>
                {said.statuses[flight.status][0]}
              </b>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

const NoFlights = () => (
  <Alert kind="info">
    <p>{flightStatus().none}</p>
    <a href="/booking">{flightStatus().fromBooking}</a>
  </Alert>
)
