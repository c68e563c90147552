import { Refusal } from '../api.ts'
import { longDay } from '../formats.ts'
import { results } from '../words/results.ts'
import { sentenceFor } from '../words/problems.ts'
import { Alert } from './alert.tsx'
import { horizonOf } from './horizon.ts'
import type { Way } from './results-live.ts'

type Props = {
  problem: unknown
  way: Way
  urlOf: (date: string) => string
  onRetry: () => void
  onMend: () => void
}

/** Why there is no list of flights, and what to do about it. */
export const ResultsProblem = ({ problem, way, urlOf, onRetry, onMend }: Props) => {
  const said = results()
  const isMendable = problem instanceof Refusal && problem.kind === 'validation-failed'
  const horizon = horizonOf(problem)
  const day = horizon && (way.departure_date < horizon[0] ? horizon[0] : horizon[1])
  return (
    <Alert>
      {sentencesOf(problem, way).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <div class="row">
        {day && (
          <a class="button" href={urlOf(day)}>
            {said.toDay(longDay(day))}
          </a>
        )}
        {isMendable ? (
          <a class="button second" href="/" onClick={onMend}>
            {said.change}
          </a>
        ) : (
          <button type="button" onClick={onRetry}>
            {said.retry}
          </button>
        )}
      </div>
    </Alert>
  )
}

const sentencesOf = (problem: unknown, way: Way): string[] => {
  const said = results()
  const errors = problem instanceof Refusal ? (problem.problem.errors ?? []) : []
  const horizon = horizonOf(problem)
  const known = errors.flatMap(({ pointer, code }) => {
    if (code === 'unknown_airport')
      return said.unknownAirport(pointer.endsWith('origin') ? way.origin : way.destination)
    if (code === 'same_as_origin') return said.samePlace
    if (horizon) return said.outside(longDay(horizon[0]), longDay(horizon[1]))
    return pointer.endsWith('departure_date') ? said.noSuchDay : []
  })
  return known.length > 0 ? known : [sentenceFor(problem)]
}
