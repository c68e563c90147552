/** Numbers from 0 to 1 that are the same for the same seed, so that a run can be repeated. */
export const createChance = (seed: number) => {
  let state = seed >>> 0
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export type Chance = ReturnType<typeof createChance>

/** `factor` times as many for `seconds`, once every `everySeconds`. */
export type Burst = { factor: number; seconds: number; everySeconds: number }

export type Pace = { rate: number; seconds: number; burst?: Burst | undefined }

/**
 * When passengers come, in seconds from the start: a Poisson process, so that nobody waits for the one
 * before. A site that is slow does not make fewer people come, which is what a closed loop would do.
 */
export const arrivals = (pace: Pace, chance: Chance): number[] => {
  const times: number[] = []
  for (let at = gap(pace, 0, chance); at < pace.seconds; at += gap(pace, at, chance)) times.push(at)
  return times
}

const gap = (pace: Pace, at: number, chance: Chance) =>
  -Math.log(1 - chance()) / (pace.rate * factorAt(pace.burst, at))

const factorAt = (burst: Burst | undefined, at: number) =>
  burst && at % burst.everySeconds >= burst.everySeconds - burst.seconds ? burst.factor : 1
