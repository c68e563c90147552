import type { Api } from '../stack.ts'

/**
 * Kills the API processes in turn (the first, the second, the first …) and starts each again, spread
 * evenly over the sales that are expected: always in the middle of somebody's booking.
 */
export const createKiller = (apis: Api[], { kills, sales }: { kills: number; sales: number }) => {
  const marks = Array.from({ length: kills }, (_, i) => Math.ceil((sales * (i + 1)) / (kills + 1)))
  let sold = 0
  let done = 0
  let killing = Promise.resolve()

  const kill = async () => {
    await apis[done % apis.length]!.crash()
    done += 1
  }

  return {
    sawSale: () => {
      sold += 1
      if (!marks.includes(sold)) return
      killing = killing.then(kill)
      // Told by `count`; until someone asks, it must not end us.
      killing.catch(() => undefined)
    },
    /** How many, once all of them run again. Throws when one does not. */
    count: async () => {
      await killing
      return done
    },
  }
}
