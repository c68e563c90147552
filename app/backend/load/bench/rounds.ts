/** One of the things compared: how it does one operation, and what must be ready before a round. */
export type Side = {
  name: string
  prepare?: () => Promise<void>
  work: (worker: number) => Promise<void>
  /** Seconds of processor time that the process at work has used so far. */
  cpuSeconds: () => Promise<number>
}

export type Pace = {
  rounds: number
  seconds: number
  inFlight: number
  /** Rounds before the first that counts: half a minute of load goes by until all that a request runs is compiled. */
  warmUp: number
}

/** A round: operations a second, and milliseconds of processor time that each took the process. */
export type Round = { rate: number; cpu_ms: number }
export type Rounds = Record<string, Round[]>

/**
 * Lets the sides run in turn, round after round, each round in the other order: whatever else the
 * machine does meanwhile, and whatever grows, meets all of them alike.
 */
export const compare = async (
  sides: Side[],
  { rounds, seconds, inFlight, warmUp }: Pace,
  afterWarmUp: () => Promise<unknown>,
): Promise<Rounds> => {
  const all: Rounds = Object.fromEntries(sides.map(({ name }) => [name, []]))
  for (let round = 0; round < warmUp; round++)
    for (const side of sides) await run(side, seconds, inFlight)
  await afterWarmUp()
  for (let round = 0; round < rounds; round++)
    for (const side of round % 2 === 0 ? sides : sides.toReversed())
      all[side.name]!.push(await run(side, seconds, inFlight))
  return all
}

const run = async (side: Side, seconds: number, inFlight: number): Promise<Round> => {
  await side.prepare?.()
  const cpuBefore = await side.cpuSeconds()
  const from = performance.now()
  const until = from + seconds * 1000
  let done = 0
  const loop = async (worker: number) => {
    while (performance.now() < until) {
      await side.work(worker)
      done += 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, worker) => loop(worker)))
  const rate = done / ((performance.now() - from) / 1000)
  return { rate, cpu_ms: ((await side.cpuSeconds()) - cpuBefore) * (1000 / done) }
}

const median = (numbers: number[]) => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2
}

export type Summary = { rate: number; rate_min: number; rate_max: number; cpu_ms: number }

/** Medians over the rounds. */
export const summaryOf = (rounds: Round[]): Summary => {
  const rates = rounds.map(({ rate }) => Math.round(rate))
  return {
    rate: Math.round(median(rates)),
    rate_min: Math.min(...rates),
    rate_max: Math.max(...rates),
    cpu_ms: Math.round(median(rounds.map(({ cpu_ms }) => cpu_ms)) * 100) / 100,
  }
}

/**
 * How the one stands to the other: the median over the rounds of their ratio in each, since what else the
 * machine does in a round meets both.
 */
export const ratioOf = (one: Round[], other: Round[], of: keyof Round = 'rate') =>
  Math.round(median(one.map((round, i) => round[of] / other[i]![of])) * 100) / 100
