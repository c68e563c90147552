import { Refusal } from '../api.ts'

/** The first and the last day on sale, when a search was refused for being outside of them. */
export const horizonOf = (problem: unknown): [string, string] | undefined => {
  if (!(problem instanceof Refusal)) return undefined
  const { first_day, last_day } = problem.problem
  return typeof first_day === 'string' && typeof last_day === 'string'
    ? [first_day, last_day]
    : undefined
}
