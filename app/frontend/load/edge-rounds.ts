export type Pace = { rounds: number; seconds: number; inFlight: number }

/** Requests a second, and milliseconds that 50, 95 and 99 of 100 took at most. */
export type Run = { rate: number; p50: number; p95: number; p99: number }

export type Side = { name: string; run: (seconds: number) => Promise<Run> }

export type Runs = Record<string, Run[]>

/** Each side in its turn, each round in the other order: what else the machine does meets all alike. */
export const measure = async (sides: Side[], { rounds, seconds }: Pace): Promise<Runs> => {
  const runs: Runs = Object.fromEntries(sides.map(({ name }) => [name, []]))
  for (const side of sides) await side.run(1)
  for (let round = 0; round < rounds; round++)
    for (const side of round % 2 === 0 ? sides : sides.toReversed())
      runs[side.name]!.push(await side.run(seconds))
  return runs
}

/** As many workers as are in flight, each asking again when it is answered. */
export const timed = async (
  ask: (worker: number) => Promise<unknown>,
  seconds: number,
  inFlight: number,
): Promise<Run> => {
  const from = performance.now()
  const took: number[] = []
  const loop = async (worker: number) => {
    while (performance.now() < from + seconds * 1000) {
      const askedAt = performance.now()
      await ask(worker)
      took.push(performance.now() - askedAt)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, worker) => loop(worker)))
  const rate = took.length / ((performance.now() - from) / 1000)
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
  return { rate, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** The median of all rounds, figure by figure. */
export const mediansOf = (runs: Runs): Record<string, Run> =>
  Object.fromEntries(
    Object.entries(runs).map(([name, all]) => {
      const of = (figure: keyof Run) => median(all.map((run) => run[figure]))
      return [name, { rate: of('rate'), p50: of('p50'), p95: of('p95'), p99: of('p99') }]
    }),
  )

const median = (numbers: number[]) => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2
}

export const tableOf = (medians: Record<string, Run>) => [
  `${''.padEnd(46)}${['req/s', 'p50 ms', 'p95 ms', 'p99 ms'].map((head) => head.padStart(9)).join('')}`,
  ...Object.entries(medians).map(([name, { rate, p50, p95, p99 }]) => {
    const figures = [Math.round(rate), ...[p50, p95, p99].map((ms) => ms.toFixed(2))]
    return `${name.padEnd(46)}${figures.map((figure) => String(figure).padStart(9)).join('')}`
  }),
]
