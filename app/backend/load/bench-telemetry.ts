import { fileURLToPath } from 'node:url'
import { withDatabase } from '../local/database.ts'
import { fillDays, listTargets, oneOf, pathOf } from './bench/flights.ts'
import { compare, ratioOf, summaryOf } from './bench/rounds.ts'
import type { Pace, Side, Summary } from './bench/rounds.ts'
import { runBench } from './bench/run.ts'
import { cpuSecondsOf, openWires, signIn } from './bench/subject.ts'
import { requestOf } from './bench/wire.ts'
import { withStack } from './stack.ts'
import type { Api, Stack } from './stack.ts'

const ON = 'search, with ledger, metrics and log'
const OFF = 'search, without them'
const MAP_ON = 'seat map, with them'
const MAP_OFF = 'seat map, without them'

export type Figures = {
  sides: Record<string, Summary>
  search: number
  seat_map: number
  search_cpu: number
  seat_map_cpu: number
}

const preload = fileURLToPath(new URL('./bench/without-telemetry.ts', import.meta.url))

/**
 * What it costs to know where the time goes: the API as it is, and the same without its ledger, its
 * metrics and its request log, in turn on one database. Metrics are scraped once a round.
 */
const bench = (pace: Pace): Promise<Figures> =>
  withStack(async (stack) => {
    const url = await stack.createDatabase('telemetry', fillDays(10))
    const { searches, maps } = await withDatabase(url, listTargets)
    const [on, off] = await Promise.all([
      open(stack, url, pace, {}),
      open(stack, url, pace, { NODE_OPTIONS: `--import=${preload}` }),
    ])
    const search = () => pathOf(oneOf(searches))
    const map = () => oneOf(maps)
    const sides = [
      asking(ON, on, search),
      asking(OFF, off, search),
      asking(MAP_ON, on, map),
      asking(MAP_OFF, off, map),
    ]
    const rounds = await compare(sides, pace, async () => undefined)
    await requireBare(off.api, on.api)
    for (const { wires } of [on, off]) wires.close()

    const figures = Object.fromEntries(
      Object.entries(rounds).map(([name, all]) => [name, summaryOf(all)]),
    )
    const cpu = (bare: string, whole: string) =>
      Math.round((figures[bare]!.cpu_ms / figures[whole]!.cpu_ms) * 100) / 100
    return {
      sides: figures,
      search: ratioOf(figures[ON]!, figures[OFF]!),
      seat_map: ratioOf(figures[MAP_ON]!, figures[MAP_OFF]!),
      search_cpu: cpu(OFF, ON),
      seat_map_cpu: cpu(MAP_OFF, MAP_ON),
    }
  })

type Shop = Awaited<ReturnType<typeof open>>

const open = async (
  stack: Stack,
  url: string,
  { inFlight }: Pace,
  settings: Record<string, string>,
) => {
  const api = await stack.startApi(url, settings)
  const token = await withDatabase(url, (db) => signIn(db, api))
  return { api, token, wires: await openWires(api, inFlight) }
}

const asking = (name: string, { api, wires, token }: Shop, path: () => string): Side => ({
  name,
  prepare: () => scrape(api).then(() => undefined),
  cpuSeconds: () => cpuSecondsOf(api),
  work: async (worker) => {
    await wires.ask(worker, requestOf({ method: 'GET', path: path(), token }), 200)
  },
})

const scrape = async ({ metricsUrl }: Api) => (await fetch(metricsUrl)).text()

// A benchmark that compares a thing with itself finds no difference.
const requireBare = async (bare: Api, whole: Api) => {
  const counts = (text: string) => /^http_requests_total\{[^}]*\} [1-9]/m.test(text)
  if (counts(await scrape(bare)) || !counts(await scrape(whole)))
    throw new Error('what should be off is on, or the other way round')
}

const LEFT = 0.92

const wishes = (figures: Figures) =>
  [
    { what: 'of the rate without it, search', figure: figures.search },
    { what: 'of the rate without it, seat map', figure: figures.seat_map },
    { what: 'the same by processor time, search', figure: figures.search_cpu },
    { what: 'the same by processor time, seat map', figure: figures.seat_map_cpu },
  ].map((wish) => ({ ...wish, isMet: wish.figure >= LEFT, aim: `${LEFT} or more` }))

if (import.meta.main) await runBench(bench, wishes, { rounds: 9, seconds: 2, inFlight: 32 })
