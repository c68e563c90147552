import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { withDatabase } from '../local/database.ts'
import { seed } from '../seed.ts'
import { newReference } from '../slices/bookings/reference.ts'
import { audit } from './audit.ts'
import { askOffers, createSupply, orderFor } from './bench/offers.ts'
import type { Offered } from './bench/offers.ts'
import { recordRequest } from './bench/recording.ts'
import type { Step } from './bench/recording.ts'
import { createReplay } from './bench/replay.ts'
import { compare, ratioOf, summaryOf } from './bench/rounds.ts'
import type { Pace, Summary } from './bench/rounds.ts'
import { runBench } from './bench/run.ts'
import {
  cpuSecondsOf,
  memoryOf,
  openWires,
  ownCpuSeconds,
  refreshPlans,
  signIn,
} from './bench/subject.ts'
import { requestOf } from './bench/wire.ts'
import { barePool, withStack } from './stack.ts'

const API = 'POST /api/bookings'
const BARE = 'its statements straight through pg'

const SEEDED_DAYS = 18
/** More than any of the two can book in a second. */
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
    const pool = barePool(url)
    const figures = withDatabase(url, async (db) => {
      const token = await signIn(db, api)
      const wires = await openWires(api, pace.inFlight)
      const supply = createSupply(
        db,
        await askOffers(db, token, (request) => wires.ask(0, request, 201)),
      )
      await supply.haveAtLeast(1)
      const book = await recordBooking(await stack.environmentOn(url), token, supply.take())

      const prepare = () => supply.haveAtLeast(RATE_MAX * pace.seconds)
      const rounds = await compare(
        [
          {
            name: API,
            prepare,
            cpuSeconds: () => cpuSecondsOf(api),
            work: async (worker) => {
              await wires.ask(worker, requestFor(supply.take(), token), 201)
            },
          },
          {
            name: BARE,
            prepare,
            cpuSeconds: ownCpuSeconds,
            work: () => book(pool, supply.take()),
          },
        ],
        pace,
        () => refreshPlans(db),
      )
      wires.close()
      const [api_, bare] = [summaryOf(rounds[API]!), summaryOf(rounds[BARE]!)]
      const findings = await audit(db)
      return {
        sides: { [API]: api_, [BARE]: bare },
        ratio: ratioOf(api_, bare),
        memory_mb: await memoryOf(api),
        // What the bare statements wrote must be bookings like any other.
        broken: findings.filter(({ broken }) => broken.length > 0).map(({ name }) => name),
      }
    })
    return figures.finally(() => pool.end())
  })

const requestFor = (offer: Offered, token: string, key: string = randomUUID()) =>
  requestOf({ method: 'POST', path: '/api/bookings', token, key }, orderFor(offer))

/** Books once through the API, and makes of the statements that it sent a booking without it. */
const recordBooking = async (
  environment: Record<string, string>,
  token: string,
  offer: Offered,
) => {
  const key = randomUUID()
  const steps = await recordRequest(environment, (url) =>
    fetch(`${url}/api/bookings`, {
      method: 'POST',
      headers: {
        Authorization: token,
        'Idempotency-Key': key,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(orderFor(offer)),
    }),
  )
  const replay = createReplay({
    steps,
    given: { key, offer: offer.id, flight: offer.flight_id, reference: referenceIn(steps) },
    learn: {
      'seats.create_hold': ([hold]) => ({ hold: hold!.id, until: hold!.expires_at }),
      'seats.take_free': ([unit]) => ({ seat: `"unit_code":"${String(unit!.unit_code)}"` }),
      'bookings.insert': ([booking]) => ({ booking: booking!.id, placed_at: booking!.placed_at }),
    },
  })
  const once = (pool: Pool, { id, flight_id }: Offered) =>
    replay(pool, { key: randomUUID(), offer: id, flight: flight_id, reference: newReference() })
  // Once in a few runs a reference is taken; the API would draw another, too.
  return (pool: Pool, offer: Offered) => once(pool, offer).catch(() => once(pool, offer))
}

// The API draws it; the statement that writes it begins with it.
const referenceIn = (steps: Step[]) =>
  steps.flatMap((step) =>
    step.does === 'query' && step.statement.name === 'bookings.insert' ? step.statement.values : [],
  )[0]

const wishes = ({ ratio, memory_mb, broken }: Figures) => [
  {
    what: 'of the bare database’s rate',
    figure: ratio,
    isMet: ratio >= 0.75,
    aim: 'at least 0.75',
  },
  { what: 'MB of memory, API', figure: memory_mb, isMet: memory_mb < 200, aim: 'below 200' },
  { what: 'invariants broken', figure: broken.length, isMet: broken.length === 0, aim: '0' },
]

if (import.meta.main) await runBench(bench, wishes, { rounds: 7, seconds: 4, inFlight: 32 })
