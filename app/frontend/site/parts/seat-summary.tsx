import { sentenceFor } from '../words/problems.ts'
import { seatsWords } from '../words/seats.ts'
import { Alert } from './alert.tsx'
import { choiceOf, isComplete, settle } from './seat-choice.ts'
import type { Flight } from './use-flights.ts'

export const wayOf = ({ origin, destination }: Flight) => `${origin} → ${destination}`

type ChosenProps = { ids: string[]; flights: Flight[] | undefined; needed: number }

/** What is chosen and held on each flight. */
export const ChosenSeats = ({ ids, flights, needed }: ChosenProps) => {
  const said = seatsWords()
  return (
    <dl class="chosen-seats">
      {ids.map((id, i) => {
        const { seats, busy } = choiceOf(id)
        return (
          <div key={id}>
            <dt>{flights ? wayOf(flights[i]!) : '…'}</dt>
            <dd aria-live="polite">
              <strong>{seats.length > 0 ? seats.join(', ') : said.none}</strong>
              <small>
                {busy
                  ? said.holding
                  : isComplete(id, needed)
                    ? said.held
                    : said.chosen(seats.length, needed)}
              </small>
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

/** What went wrong with a seat; beside the buttons, where it is seen wherever the map is scrolled to. */
export const SeatNews = ({ flight_id, needed }: { flight_id: string; needed: number }) => {
  const said = seatsWords()
  const { lost, seats, failure } = choiceOf(flight_id)
  const names = lost.join(', ')
  return (
    <>
      {lost.length > 0 && (
        <Alert>{seats.length > 0 ? said.lost(names) : said.lostOnly(names)}</Alert>
      )}
      {failure !== undefined && (
        <Alert>
          {sentenceFor(failure)}{' '}
          <button type="button" class="plain" onClick={() => void settle(flight_id, needed)}>
            {said.again}
          </button>
        </Alert>
      )}
    </>
  )
}
