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

/**
 * Two processes of one build differ by up to five in a hundred, for as long as they live: by where things lie
 * in memory, and by what was compiled when. So there are several of each.
 */
const PROCESSES = 2

const preload = fileURLToPath(new URL('./bench/without-telemetry.ts', import.meta.url))

/**
 * What it costs to know where the time goes: the API as it is, and the same without its ledger, its
 * metrics and its request log, in turn on one database, and of each several processes in turn. Metrics are
 * scraped once a round.
 */
const bench = (pace: Pace): Promise<Figures> =>
  withStack(async (stack) => {
    const url = await stack.createDatabase('telemetry', fillDays(10))
    const { searches, maps } = await withDatabase(url, listTargets)
    const whole = await openAll(stack, url, pace, {})
    const bare = await openAll(stack, url, pace, { NODE_OPTIONS: `--import=${preload}` })
    const search = () => pathOf(oneOf(searches))
    const map = () => oneOf(maps)
    const sides = [
      asking(ON, whole, search),
      asking(OFF, bare, search),
      asking(MAP_ON, whole, map),
      asking(MAP_OFF, bare, map),
    ]
    const rounds = await compare(sides, pace, async () => undefined)
    await requireBare(bare[0]!.api, whole[0]!.api)
    for (const { wires } of [...whole, ...bare]) wires.close()

    const figures = Object.fromEntries(
      Object.entries(rounds).map(([name, all]) => [name, summaryOf(all)]),
    )
    const [on, off, mapOn, mapOff] = [ON, OFF, MAP_ON, MAP_OFF].map((side) => rounds[side]!)
    return {
      sides: figures,
      search: ratioOf(on!, off!),
      seat_map: ratioOf(mapOn!, mapOff!),
      search_cpu: ratioOf(off!, on!, 'cpu_ms'),
      seat_map_cpu: ratioOf(mapOff!, mapOn!, 'cpu_ms'),
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

const openAll = (...about: Parameters<typeof open>) =>
  Promise.all(Array.from({ length: PROCESSES }, () => open(...about)))

/** Asks one of these in each round, and another in the next. */
const asking = (name: string, shops: Shop[], path: () => string): Side => {
  let turn = -1
  const shop = () => shops[turn % shops.length]!
  return {
    name,
    prepare: async () => {
      turn += 1
      await scrape(shop().api)
    },
    cpuSeconds: () => cpuSecondsOf(shop().api),
    work: async (worker) => {
      const { wires, token } = shop()
      await wires.ask(worker, requestOf({ method: 'GET', path: path(), token }), 200)
    },
  }
}

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

if (import.meta.main)
  await runBench(bench, wishes, { rounds: 24, seconds: 1, inFlight: 32, warmUp: 20 })
