import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../kernel/sql.ts'
import { passengerOf } from '../../test/passenger.ts'
import { startTestApi } from '../../test/test-api.ts'
import type { TestApi } from '../../test/test-api.ts'
import { audit } from '../audit.ts'
import { barePool } from '../stack.ts'
import { bookingRequest, recordBooking } from './booking.ts'
import { createSupply } from './offers.ts'
import { compare, ratioOf, summaryOf } from './rounds.ts'
import { openWire } from './wire.ts'

let api: TestApi
let token: string
let offers: ReturnType<typeof createSupply>
let pool: Pool

beforeAll(async () => {
  api = await startTestApi()
  token = await api.signIn('passenger')
  const passenger = passengerOf(api, token)
  const flights = await passenger.search()
  const made = await Promise.all(flights.map(({ id }) => passenger.offer([id])))
  offers = createSupply(
    api.world.db,
    made.map(({ id }) => id),
  )
  await offers.haveAtLeast(20)
  pool = barePool(api.config.DATABASE_URL)
})
afterAll(async () => {
  await pool.end()
  await api.close()
})

const countBookings = async () => {
  const { bookings } = await api.world.db.oneRow<{ bookings: number }>(sql('test.bookings')`
    select count(*)::int as bookings from bookings.bookings`)
  return bookings
}

test('the statements of a booking, sent without the API, make bookings that pass the audit', async () => {
  const environment = Object.fromEntries(
    Object.entries(api.config).map(([name, value]) => [name, String(value)]),
  )
  const book = await recordBooking(environment, token, offers.take())
  await Promise.all(Array.from({ length: 9 }, () => book(pool, offers.take())))
  expect(await countBookings()).toBe(10)
  const broken = (await audit(api.world.db)).filter(({ broken }) => broken.length > 0)
  expect(broken).toEqual([])
})

test('a kept-alive connection asks one thing after another', async () => {
  const wire = await openWire(api.url)
  const booked = await wire.ask(bookingRequest(offers.take(), token))
  const refused = await wire.ask(bookingRequest(offers.take(), 'Bearer nobody'))
  wire.close()
  expect(booked.status).toBe(201)
  expect(JSON.parse(booked.body)).toMatchObject({ status: 'pending_payment' })
  expect(refused.status).toBe(401)
})

test('sides run in turn, and what counts is the median', async () => {
  const turns: string[] = []
  const side = (name: string) => ({
    name,
    cpuSeconds: async () => 0,
    prepare: async () => void turns.push(name),
    work: () => new Promise<void>((resolve) => setImmediate(resolve)),
  })
  const pace = { rounds: 2, seconds: 0.01, inFlight: 1, warmUp: 1 }
  await compare([side('a'), side('b')], pace, async () => turns.push('warm'))
  expect(turns.join(' ')).toBe('a b warm a b b a')

  const rounds = [10, 90, 20].map((rate) => ({ rate, cpu_ms: 1 }))
  expect(summaryOf(rounds)).toEqual({ rate: 20, rate_min: 10, rate_max: 90, cpu_ms: 1 })

  const others = [20, 100, 30].map((rate) => ({ rate, cpu_ms: 4 }))
  expect(ratioOf(rounds, others), 'of 0.5, 0.9 and 0.67').toBe(0.67)
  expect(ratioOf(rounds, others, 'cpu_ms')).toBe(0.25)
})
