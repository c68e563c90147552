import { tally } from '../../kernel/metrics.ts'
import { Problem } from '../../kernel/problems.ts'

const searches = tally(
  'aeroflash_flights_searches_total',
  'Searches for flights, by what came of them.',
  'outcome',
)
const found = searches.of('found')
const empty = searches.of('empty')
const refused = searches.of('refused')

export const countSearch = (flights: number) => (flights > 0 ? found : empty).add(1)

/** Counts a refusal and passes it on, as it does with what is none. */
export const countRefused = (error: unknown): never => {
  if (error instanceof Problem && error.status < 500) refused.add(1)
  throw error
}
