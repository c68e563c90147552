import { useEffect } from 'preact/hooks'
import { useTrip } from '../trip.ts'
import { sentenceFor } from '../words/problems.ts'
import { seatsWords } from '../words/seats.ts'
import { Alert } from './alert.tsx'
import { holdOf } from './holds.ts'
import { choiceOf, lose, toggle } from './seat-choice.ts'
import { SeatMap, SeatShape } from './seat-map.tsx'
import type { SeatState } from './seat-map.tsx'
import type { Flight } from './use-flights.ts'
import { useSeatMap } from './use-seat-map.ts'
import type { SeatMap as Map } from './use-seat-map.ts'

type Props = { flight_id: string; flight: Flight | undefined; needed: number }

/** The live map of one flight, with what has gone wrong said above it. */
export const SeatPicker = ({ flight_id, flight, needed }: Props) => {
  const said = seatsWords()
  const { map, failure, refresh } = useSeatMap(flight_id)
  const choice = choiceOf(flight_id)
  const held = holdOf(flight_id)?.seats ?? []
  const cabin = useTrip().cabins?.[flight_id] ?? 'economy'

  useEffect(() => {
    if (!choice.busy) void refresh()
  }, [choice.busy])

  useEffect(() => {
    if (!map || choice.busy) return
    const lost = takenByOthers(map, choice.seats, held)
    if (lost.length > 0) lose(flight_id, lost)
  }, [map])

  return (
    <section class="seat-picker card">
      {failure !== undefined && (
        <Alert>
          {sentenceFor(failure)} {map && said.stale}
        </Alert>
      )}
      <Legend several={(map?.cabins.length ?? 1) > 1} />
      <p class="hint keys">{said.keys}</p>
      {map ? (
        <SeatMap
          map={map}
          label={said.map(flight?.flight_number ?? '')}
          cabin={cabin}
          chosen={choice.seats}
          held={held}
          onToggle={(seat) => void toggle(flight_id, seat, needed)}
        />
      ) : (
        <p class="seat-map-room" role="status">
          {failure === undefined && said.loading}
        </p>
      )}
    </section>
  )
}

const seatsIn = (map: Map) =>
  map.cabins.flatMap(({ cabin, rows }) =>
    rows.flatMap(({ seats }) => seats.map((seat) => ({ ...seat, cabin }))),
  )

const takenByOthers = (map: Map, chosen: string[], held: string[]) =>
  seatsIn(map)
    .filter(({ seat, status }) => chosen.includes(seat) && status !== 'available')
    .map(({ seat }) => seat)
    .filter((seat) => !held.includes(seat))

const Legend = ({ several }: { several: boolean }) => {
  const said = seatsWords()
  const states: SeatState[] = several
    ? ['free', 'mine', 'taken', 'other']
    : ['free', 'mine', 'taken']
  return (
    <ul class="seat-legend" aria-label={said.legend}>
      {states.map((state) => (
        <li key={state}>
          <svg
            viewBox="0 0 40 40"
            width="26"
            height="26"
            aria-hidden="true"
            class={`seat ${state}`}
          >
            <SeatShape x={1} y={0} width={38} state={state} letter="A" />
          </svg>
          {said.legendOf[state]}
        </li>
      ))}
    </ul>
  )
}
