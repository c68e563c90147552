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
import { useAttempt } from './use-attempt.ts'
import type { Wrong } from './use-attempt.ts'

/** By number, or by route where the number is empty. */
export type Asked = { number: string; origin: string; destination: string; date: string }

/** As on the ticket or as people write it: 'AF1001', 'af 1001', 'AF-1001'. */
export const plainNumber = (number: string) => number.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')

/** The form: what it asks for stands in the address. */
export const StatusForm = ({ asked }: { asked: Asked }) => {
  const said = flightStatus()
  const { route } = useLocation()
  const [typed, set] = useState<Asked>({
    ...asked,
    date: asked.date || dateAt(new Date(), 'America/Bogota'),
  })
  const change = (changes: Partial<Asked>) => set((known) => ({ ...known, ...changes }))
  const { form, wrong, onSubmit } = useAttempt<keyof Asked>({
    look: () => look(typed),
    send: async () => {
      const { number, date, ...places } = typed
      const what = number ? { number: plainNumber(number), date } : { ...places, date }
      route(`/flight-status?${new URLSearchParams(what)}`)
    },
    wrongOf: () => ({}),
  })
  return (
    <form ref={form} class="card status-form" onSubmit={onSubmit} noValidate>
      <Field label={said.date} error={wrong.date}>
        <input
          type="date"
          value={typed.date}
          onInput={(e) => change({ date: e.currentTarget.value })}
        />
      </Field>
      <Field label={said.number} hint={said.numberHint} error={wrong.number}>
        <input
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={10}
          value={typed.number}
          onInput={(e) => change({ number: e.currentTarget.value })}
        />
      </Field>
      <p class="or">{said.orRoute}</p>
      <AirportInput
        label={said.from}
        value={typed.origin}
        error={wrong.origin}
        onChoose={(origin) => change({ origin, number: '' })}
      />
      <AirportInput
        label={said.to}
        value={typed.destination}
        error={wrong.destination}
        onChoose={(destination) => change({ destination, number: '' })}
      />
      <button type="submit">{said.find}</button>
    </form>
  )
}

const look = ({ number, origin, destination, date }: Asked): Wrong<keyof Asked> => {
  const said = flightStatus()
  const day = !date && { date: said.needDay }
  if (number)
    return {
      ...day,
      ...(!/^[A-Z0-9]{2}\d{1,4}$/.test(plainNumber(number)) && { number: said.needNumber }),
    }
  return {
    ...day,
    ...(!origin && { origin: said.needPlace }),
    ...(!destination && { destination: said.needPlace }),
    ...(origin && origin === destination && { destination: said.samePlace }),
  }
}

type Found = InferResponseType<typeof api.flights.status.$get, 200>['flights']
type Answer = { flights?: Found; airports?: Airport[]; problem?: unknown }

const flightsOf = ({ number, origin, destination, date: departure_date }: Asked) => {
  const query = number
    ? { flight_number: number, departure_date }
    : { origin, destination, departure_date }
  return ask(api.flights.status.$get({ query }))
}

/** The flights of a day by number or by route, on sale or not, each a link to its status. */
export const StatusList = ({ asked }: { asked: Asked }) => {
  const said = flightStatus()
  const { route } = useLocation()
  const [{ flights, airports, problem }, set] = useState<Answer>({})
  useEffect(() => {
    let current = true
    const answer = (next: Answer) => current && set(next)
    set({})
    Promise.all([flightsOf(asked), loadAirports()]).then(
      ([found, known]) => {
        // A number and a day are one flight: there is nothing to choose.
        const [only] = found.flights
        if (current && asked.number && only) return route(statusUrl(only.id), true)
        answer({ flights: found.flights, airports: known })
      },
      (refused: unknown) => answer({ problem: refused }),
    )
    return () => void (current = false)
  }, [Object.values(asked).join()])

  const zoneOf = (code: string) =>
    airports?.find(({ iata_code }) => iata_code === code)?.time_zone ?? 'America/Bogota'

  if (problem) return <Alert>{sentenceFor(problem)}</Alert>
  return (
    <section class="status-list">
      <h2>
        {asked.number ? said.flight(asked.number) : said.flights}{' '}
        <small>{longDay(asked.date)}</small>
      </h2>
      {!flights && <p role="status">{said.loading}</p>}
      {flights?.length === 0 && <NoFlights />}
      <ul>
        {flights?.map((flight) => (
          <li key={flight.id}>
            <a class="card" href={statusUrl(flight.id)}>
              <strong>{flight.flight_number}</strong>
              <span>
                {timeAt(flight.expected_departs_at, zoneOf(flight.origin))} →{' '}
                {timeAt(flight.expected_arrives_at, zoneOf(flight.destination))}
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

const statusUrl = (id: string) => `/flight-status?flight=${id}`

const NoFlights = () => (
  <Alert kind="info">
    <p>{flightStatus().none}</p>
    <a href="/booking">{flightStatus().fromBooking}</a>
  </Alert>
)
