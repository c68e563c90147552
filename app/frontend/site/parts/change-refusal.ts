import { Refusal } from '../api.ts'
import { longDay } from '../formats.ts'
import { change } from '../words/change.ts'
import { sentenceFor } from '../words/problems.ts'
import { horizonOf } from './horizon.ts'

/** Why a change cannot be, in words of its own where the general ones would not help. */
export const whyNot = (error: unknown): string => {
  const codes = error instanceof Refusal ? (error.problem.errors ?? []) : []
  const { refused, outside } = change()
  const horizon = horizonOf(error)
  if (horizon) return outside(longDay(horizon[0]), longDay(horizon[1]))
  return codes.map(({ code }) => refused[code]).find(Boolean) ?? sentenceFor(error)
}
