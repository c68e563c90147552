import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal } from '../api.ts'
import { dateAt, day, longDay, timeAt } from '../formats.ts'
import { flightStatus } from '../words/flight-status.ts'
import { sentenceFor } from '../words/problems.ts'
import { Alert } from './alert.tsx'
import { useFollowed } from './status-follow.ts'
import type { Flight, Status } from './status-follow.ts'

/** One flight, followed for as long as the page is open. */
export const StatusBoard = ({ id }: { id: string }) => {
  const said = flightStatus()
  const { flight, status, problem, live, again } = useFollowed(id)
  if (problem) return <Trouble problem={problem} onRetry={again} />
  if (!flight || !status)
    return (
      <section class="card status-board">
        <p role="status">{said.loading}</p>
      </section>
    )
  const [name, usual] = said.statuses[status.status]
  const advice = isOverdue(status) ? said.overdue : usual
  return (
    <>
      <section class="card status-board" aria-labelledby="board-title">
        <p class="status-live" data-live={live ? '' : undefined}>
          {live ? said.live : said.reconnecting}
        </p>
        <h2 id="board-title">
          {flight.flight_number} · {flight.origin_airport.city} → {flight.destination_airport.city}
          <small>{longDay(flight.departure_date)}</small>
        </h2>
        <p class="status-verdict">
          <b class="status-name" data-status={status.status}>
            {name}
          </b>
          {advice}
        </p>
        <Times flight={flight} status={status} />
      </section>
      <Timeline flight={flight} status={status} />
      <Announcer flight={flight} status={status} />
    </>
  )
}

const onGround: Status['status'][] = ['scheduled', 'delayed', 'check_in', 'boarding', 'gate_closed']
const PATIENCE_MS = 15 * 60_000

/** It should have left by now, and nobody has said that it has. */
const isOverdue = ({ status, expected_departs_at }: Status) =>
  onGround.includes(status) && Date.parse(expected_departs_at) + PATIENCE_MS < Date.now()

const Trouble = ({ problem, onRetry }: { problem: unknown; onRetry: () => void }) => {
  const said = flightStatus()
  const isUnknown =
    problem instanceof Refusal && ['not-found', 'validation-failed'].includes(problem.kind)
  if (isUnknown) return <Alert>{said.unknown}</Alert>
  return (
    <Alert>
      <p>{sentenceFor(problem)}</p>
      <button type="button" onClick={onRetry}>
        {said.retry}
      </button>
    </Alert>
  )
}

type Props = { flight: Flight; status: Status }

const Times = ({ flight, status }: Props) => {
  const said = flightStatus()
  const { origin_airport: from, destination_airport: to } = flight
  return (
    <dl class="status-times">
      <Moment
        label={said.departure}
        place={from}
        at={status.departs_at}
        expected={status.expected_departs_at}
      />
      <Moment
        label={said.arrival}
        place={to}
        at={status.arrives_at}
        expected={status.expected_arrives_at}
      />
      <div>
        <dt>{said.gate}</dt>
        <dd>{status.gate ? <strong>{status.gate}</strong> : said.noGate}</dd>
      </div>
      <div>
        <dt>{said.aircraft}</dt>
        <dd>{flight.aircraft.name}</dd>
      </div>
    </dl>
  )
}

type MomentProps = {
  label: string
  place: { iata_code: string; city: string; time_zone: string }
  at: string
  expected: string
}

const Moment = ({ label, place, at, expected }: MomentProps) => {
  const said = flightStatus()
  const moved = expected !== at
  return (
    <div>
      <dt>
        {label} · {place.iata_code}
      </dt>
      <dd>
        {moved && <span class="visually-hidden">{said.expected}: </span>}
        <strong>{timeAt(expected, place.time_zone)}</strong>
        <small>{day(dateAt(expected, place.time_zone))}</small>
        <small>
          {moved ? (
            <s>
              {said.scheduled}: {timeAt(at, place.time_zone)}
            </s>
          ) : (
            said.scheduled
          )}
        </small>
        <small>{said.local(place.city)}</small>
      </dd>
    </div>
  )
}

const Timeline = ({ flight, status }: Props) => {
  const said = flightStatus()
  const zone = flight.origin_airport.time_zone
  return (
    <section class="card">
      <h2>{said.history}</h2>
      {status.events.length === 0 && <p>{isOverdue(status) ? said.noNews : said.noHistory}</p>}
      <ol class="status-timeline">
        {status.events.toReversed().map((event) => (
          <li key={event.seq}>
            <time dateTime={event.occurred_at}>
              {day(dateAt(event.occurred_at, zone))} {timeAt(event.occurred_at, zone)}
            </time>
            <span>{sentenceOf(event)}</span>
            {event.reason && <small>{event.reason}</small>}
          </li>
        ))}
      </ol>
    </section>
  )
}

type Told = Pick<Status, 'status' | 'delay_minutes' | 'gate'>

const sentenceOf = ({ status, delay_minutes, gate }: Told) => {
  const said = flightStatus()
  return [
    said.statuses[status][0],
    delay_minutes > 0 && said.late(delay_minutes),
    gate && said.gateIs(gate),
  ]
    .filter(Boolean)
    .join(', ')
}

/** Reads out each change, but not what was there from the start. */
const Announcer = ({ flight, status }: Props) => {
  const first = useRef(status.seq)
  const [news, set] = useState('')
  useEffect(() => {
    if (status.seq !== first.current)
      set(flightStatus().now(flight.flight_number, sentenceOf(status)))
  }, [status.seq])
  return (
    <p class="visually-hidden" role="status">
      {news}
    </p>
  )
}
