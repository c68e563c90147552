import { tally } from '../../kernel/metrics.ts'
import { Problem } from '../../kernel/problems.ts'

const quotes = tally(
  'aeroflash_offers_quotes_total',
  'Prices asked for, by what came of it.',
  'outcome',
)
const quoted = quotes.of('quoted')
const refused = quotes.of('refused')

export const countQuoted = () => quoted.add(1)

/** Counts a refusal and passes it on, as it does with what is none. */
export const countRefused = (error: unknown): never => {
  if (error instanceof Problem && error.status < 500) refused.add(1)
  throw error
}
