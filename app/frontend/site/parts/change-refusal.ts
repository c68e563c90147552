import { Refusal } from '../api.ts'
import { change } from '../words/change.ts'
import { sentenceFor } from '../words/problems.ts'

/** Why a change cannot be, in words of its own where the general ones would not help. */
export const whyNot = (error: unknown): string => {
  const codes = error instanceof Refusal ? (error.problem.errors ?? []) : []
  const { refused } = change()
  return codes.map(({ code }) => refused[code]).find(Boolean) ?? sentenceFor(error)
}
