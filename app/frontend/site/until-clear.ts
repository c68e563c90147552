import { Refusal } from './api.ts'

// Answers that do not say whether the request had its effect, or that say to come back for it.
const unclear = new Set([
  'offline',
  'request-in-progress',
  'dependency-unavailable',
  'internal',
  'rate-limited',
])

const PAUSE_MS = 2_000
const GIVE_UP_MS = 180_000

export const isUnclear = (error: unknown) => error instanceof Refusal && unclear.has(error.kind)

/**
 * Sends until the answer is clear. What is sent must carry the same Idempotency-Key each time: then
 * it has its effect once, however often it arrives. Gives up after three minutes without an answer.
 */
export const untilClear = async <Said>(
  send: () => Promise<Said>,
  onUnclear: (error: unknown) => void,
): Promise<Said> => {
  const begun = Date.now()
  for (;;) {
    try {
      return await send()
    } catch (error) {
      if (!isUnclear(error) || Date.now() - begun > GIVE_UP_MS) throw error
      onUnclear(error)
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}
