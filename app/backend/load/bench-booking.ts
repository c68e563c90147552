import type { Database } from '../kernel/database.ts'
import { withDatabase } from '../local/database.ts'
import { seed } from '../seed.ts'
import { audit } from './audit.ts'
import { bookingRequest, recordBooking } from './bench/booking.ts'
import { askOffers, createSupply } from './bench/offers.ts'
import { compare, ratioOf, summaryOf } from './bench/rounds.ts'
import type { Pace, Side, Summary } from './bench/rounds.ts'
import { runBench } from './bench/run.ts'
import * as subject from './bench/subject.ts'
import { barePool, withStack } from './stack.ts'
import type { Api, Stack } from './stack.ts'

const API = 'POST /api/bookings'
const BARE = 'its statements straight through pg'

const SEEDED_DAYS = 18
/** More than either can book in a second. */
const RATE_MAX = 2_500

export type Figures = {
  sides: Record<string, Summary>
  ratio: number
  memory_mb: number
  broken: string[]
}

/**
 * How fast the API takes bookings (of offers made before, not yet paid, one passenger, by an account's
 * bearer token; validation, metrics and logs on), beside the database alone: the statements of such a
 * request, sent by this process through a bare `pg` pool of the same size.
 */
const bench = (pace: Pace): Promise<Figures> =>
  withStack(async (stack) => {
    const url = await stack.createDatabase('bench', (url) => seed(url, { days: SEEDED_DAYS }))
    const api = await stack.startApi(url)
    return withDatabase(url, async (db) => {
      const { sides, close } = await openSides(stack, { url, db, api, pace })
      const rounds = await compare(sides, pace, () => subject.refreshPlans(db)).finally(close)
      const [asked, bare] = [summaryOf(rounds[API]!), summaryOf(rounds[BARE]!)]
      const findings = await audit(db)
      return {
        sides: { [API]: asked, [BARE]: bare },
        ratio: ratioOf(rounds[API]!, rounds[BARE]!),
        memory_mb: await subject.memoryOf(api),
        // What the bare statements wrote must be bookings like any other.
        broken: findings.filter(({ broken }) => broken.length > 0).map(({ name }) => name),
      }
    })
  })

type Subject = { url: string; db: Database; api: Api; pace: Pace }

const openSides = async (stack: Stack, { url, db, api, pace }: Subject) => {
  const token = await subject.signIn(db, api)
  const wires = await subject.openWires(api, pace.inFlight)
  const templates = await askOffers(db, token, (request) => wires.ask(0, request, 201))
  const offers = createSupply(db, templates)
  await offers.haveAtLeast(1)
  const book = await recordBooking(await stack.environmentOn(url), token, offers.take())
  const pool = barePool(url)

  const prepare = () => offers.haveAtLeast(RATE_MAX * pace.seconds)
  const sides: Side[] = [
    {
      name: API,
      prepare,
      cpuSeconds: () => subject.cpuSecondsOf(api),
      work: async (worker) =>
        void (await wires.ask(worker, bookingRequest(offers.take(), token), 201)),
    },
    {
      name: BARE,
      prepare,
      cpuSeconds: subject.ownCpuSeconds,
      work: () => book(pool, offers.take()),
    },
  ]
  const close = async () => {
    wires.close()
    await pool.end()
  }
  return { sides, close }
}

const wishes = ({ ratio, memory_mb, broken }: Figures) => [
  { what: 'of the bare database’s rate', figure: ratio, isMet: ratio >= 0.75, aim: '0.75 or more' },
  { what: 'MB of memory, API', figure: memory_mb, isMet: memory_mb < 200, aim: 'below 200' },
  { what: 'invariants broken', figure: broken.length, isMet: broken.length === 0, aim: '0' },
]

if (import.meta.main)
  await runBench(bench, wishes, { rounds: 7, seconds: 4, inFlight: 32, warmUp: 4 })
