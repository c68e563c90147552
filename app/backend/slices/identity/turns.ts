import { Problem } from '../../kernel/problems.ts'

/**
 * Lets a few pieces of work run at once and the next ones wait; who would wait too long is told to come
 * back. A password hash takes a core, 19 MiB and one of libuv's four threads, and a sign-up holds a
 * database connection meanwhile: a rush of sign-ins must leave all of these to those who book.
 */
export const createTurns = ({ width, waitingMax }: { width: number; waitingMax: number }) => {
  const waiting: (() => void)[] = []
  let running = 0

  const enter = async () => {
    if (running < width) {
      running += 1
      return
    }
    if (waiting.length >= waitingMax)
      throw new Problem('dependency-unavailable', 'Too many are signing in at this moment.', {
        retryAfterSeconds: 2,
      })
    await new Promise<void>((resolve) => waiting.push(resolve))
  }

  // A turn passes straight to the next in line, so that nobody who has just come takes it.
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }

  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
