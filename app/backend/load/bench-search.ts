import type { Pool } from 'pg'
import type { Database } from '../kernel/database.ts'
import { withDatabase } from '../local/database.ts'
import { fillDays, listTargets, oneOf, pathOf } from './bench/flights.ts'
import type { Route } from './bench/flights.ts'
import { recordRequest } from './bench/recording.ts'
import { createReplay } from './bench/replay.ts'
import { compare, ratioOf, summaryOf } from './bench/rounds.ts'
import type { Pace, Side, Summary } from './bench/rounds.ts'
import { runBench } from './bench/run.ts'
import { cpuSecondsOf, memoryOf, openWires, ownCpuSeconds, signIn } from './bench/subject.ts'
import { requestOf } from './bench/wire.ts'
import { barePool, withStack } from './stack.ts'
import type { Stack } from './stack.ts'

const SEARCH = 'search, 4,000 flights'
const BARE = 'its statements straight through pg'
const SMALL_SEARCH = 'search, 40 flights'
const MAP = 'seat map, 4,000 flights'
const SMALL_MAP = 'seat map, 40 flights'

export type Figures = {
  sides: Record<string, Summary>
  ratio: number
  search_growth: number
  map_growth: number
  memory_mb: number
}

/**
 * How fast the API answers searches (by an account's bearer token; validation, metrics and logs on)
 * beside the database alone: the statements of such a request, sent by this process through a bare
 * `pg` pool of the same size. And what searches and seat maps lose when there are a hundred times as
 * many flights, each with its inventory: 4,000 (a hundred days) beside 40 (one day).
 */
const bench = (pace: Pace): Promise<Figures> =>
  withStack(async (stack) => {
    const small = await open(stack, 'small', 1, pace)
    const large = await open(stack, 'large', 100, pace)
    const pool = barePool(large.url)
    const search = await recordSearch(stack, large)
    const sides = [
      asking(SEARCH, large, () => pathOf(oneOf(large.searches))),
      {
        name: BARE,
        cpuSeconds: ownCpuSeconds,
        work: () => search(pool, oneOf(large.searches)),
      },
      asking(SMALL_SEARCH, small, () => pathOf(oneOf(small.searches))),
      asking(MAP, large, () => oneOf(large.maps)),
      asking(SMALL_MAP, small, () => oneOf(small.maps)),
    ]
    const rounds = await compare(sides, pace, async () => undefined).finally(() => pool.end())
    for (const { wires } of [small, large]) wires.close()

    const figures = Object.fromEntries(
      Object.entries(rounds).map(([name, all]) => [name, summaryOf(all)]),
    )
    const ratio = (one: string, other: string) => ratioOf(rounds[one]!, rounds[other]!)
    return {
      sides: figures,
      ratio: ratio(SEARCH, BARE),
      search_growth: ratio(SMALL_SEARCH, SEARCH),
      map_growth: ratio(SMALL_MAP, MAP),
      memory_mb: await memoryOf(large.api),
    }
  })

type Shop = Awaited<ReturnType<typeof open>>

const open = async (stack: Stack, name: string, days: number, { inFlight }: Pace) => {
  const url = await stack.createDatabase(name, fillDays(days))
  const api = await stack.startApi(url)
  return withDatabase(url, async (db: Database) => ({
    url,
    api,
    token: await signIn(db, api),
    wires: await openWires(api, inFlight),
    ...(await listTargets(db)),
  }))
}

const asking = (name: string, { api, wires, token }: Shop, path: () => string): Side => ({
  name,
  cpuSeconds: () => cpuSecondsOf(api),
  work: async (worker) => {
    await wires.ask(worker, requestOf({ method: 'GET', path: path(), token }), 200)
  },
})

const recordSearch = async (stack: Stack, { url, token, searches }: Shop) => {
  const given = oneOf(searches)
  const steps = await recordRequest(await stack.environmentOn(url), (api) =>
    fetch(api + pathOf(given), { headers: { Authorization: token } }),
  )
  const replay = createReplay({
    steps,
    given,
    learn: { 'flights.search': (flights) => ({ ids: flights.map(({ id }) => id) }) },
  })
  return (pool: Pool, search: Route) => replay(pool, search)
}

const wishes = ({ ratio, search_growth, map_growth, memory_mb }: Figures) => [
  { what: 'of the bare database’s rate', figure: ratio, isMet: ratio >= 0.6, aim: '0.6 or more' },
  ...[
    { what: 'times the cost of a search', figure: search_growth },
    { what: 'times the cost of a seat map', figure: map_growth },
  ].map((wish) => ({ ...wish, isMet: wish.figure <= 1.3, aim: '1.3 or less' })),
  { what: 'MB of memory, API', figure: memory_mb, isMet: memory_mb < 200, aim: 'below 200' },
]

if (import.meta.main)
  await runBench(bench, wishes, { rounds: 5, seconds: 3, inFlight: 32, warmUp: 6 })
