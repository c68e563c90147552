import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { migrate } from '../kernel/migrate.ts'
import { Problem } from '../kernel/problems.ts'
import { sql } from '../kernel/sql.ts'
import { startPostgres } from '../local/postgres.ts'
import { seed } from '../seed.ts'
import { orderFor, passengerOf } from './passenger.ts'
import type { Found } from './passenger.ts'
import { refusalOf, refused } from './refusal.ts'
import type { Answered } from './refusal.ts'
import { watchStatus } from './status-watcher.ts'
import { newKey, startTestApi } from './test-api.ts'
import type { TestApi } from './test-api.ts'

// A PostgreSQL of its own, since it is stopped while others would be at work.
const folder = await mkdtemp(join(tmpdir(), 'aeroflash-outage-'))
const postgres = await startPostgres({ folder, fast: true })
afterAll(() => postgres.stop().finally(() => rm(folder, { recursive: true, force: true })))

const databaseUrl = postgres.url('aeroflash')
await postgres.ensureDatabase('aeroflash')
await migrate(databaseUrl)
await seed(databaseUrl, { days: 4 })

let api: TestApi
let operator: string
let flight: Found
beforeAll(async () => {
  api = await startTestApi({ databaseUrl })
  operator = await api.signIn('operator')
  const [first] = await passengerOf(api).search('BOG', 'ADZ', 2)
  flight = first!
  return () => api.close()
})

/** Keeps others from rows or tables, as a transaction that takes its time does, until let go. */
const lock = async (statement: string, values: unknown[] = []) => {
  const client = new Client({ connectionString: databaseUrl })
  client.on('error', () => undefined)
  await client.connect()
  await client.query('begin')
  await client.query(statement, values)
  let ended: Promise<void> | undefined
  const letGo = () => (ended ??= client.end().catch(() => undefined))
  onTestFinished(letGo)
  return { letGo }
}

const lockSeat = (seat: string) =>
  lock('select from seats.units where flight_id = $1 and unit_code = $2 for update', [
    flight.id,
    seat,
  ])

const hold = (of: TestApi, seat: string) =>
  passengerOf(of).post('/api/seat-holds', { flight_id: flight.id, seats: [seat] })

const waiting = async () => {
  const { waiting } = await api.world.db.oneRow<{ waiting: number }>(sql('test.waiting')`
    select count(*)::int as waiting from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`)
  return waiting
}

const readiness = async () => (await api.request.get('/api/readyz')).body as { reason?: string }
const isReady = () => expect.poll(readiness, { timeout: 10_000 }).toMatchObject({ status: 'ready' })

const expectUnavailable = (answer: Answered) => {
  expect(refusalOf(answer)).toEqual(refused('dependency-unavailable'))
  expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1)
}

const report = (source_seq: number, more: object) =>
  passengerOf(api, operator)
    .post(`/api/operations/flights/${flight.id}/status-events`, {
      source: 'tower',
      source_seq,
      status: 'delayed',
      ...more,
    })
    .expect(201)

const bookAndPay = async () => {
  const guest = passengerOf(api)
  const booked = await guest.book(await guest.offer([flight.id]))
  await guest.pay(booked).expect(201)
  expect(await guest.read(booked)).toMatchObject({ status: 'confirmed' })
}

/** What people do all day, again and again until told to stop, from many sides at once. */
const crowd = () => {
  const asks = [
    () => api.request.get('/api/airports'),
    () => api.request.get(`/api/flights/${flight.id}/seats`),
    () => api.request.get('/api/bookings').set('Authorization', operator),
    () => api.request.get('/api/auth/get-session').set('Authorization', operator),
    () =>
      passengerOf(api).post('/api/offers', {
        slices: [{ flight_id: flight.id }],
        passengers: [{ born_on: '1990-05-17' }],
      }),
  ]
  const answers: Answered[] = []
  const going = new AbortController()
  const person = async (ask: (typeof asks)[number]) => {
    while (!going.signal.aborted) answers.push(await ask())
  }
  const all = Promise.all([...asks, ...asks].map(person))
  return {
    answers,
    disperse: async () => {
      going.abort()
      await all
    },
  }
}

test('a restart in mid-flight costs whoever was at it a 503, and nobody a 500', async () => {
  await lockSeat('10A')
  const people = crowd()
  const halfWay = Promise.all(Array.from({ length: 4 }, async () => hold(api, '10A')))
  await expect.poll(waiting).toBe(4)

  await postgres.restart()
  for (const answer of await halfWay) expectUnavailable(answer)
  await isReady()
  const before = people.answers.length
  await expect.poll(() => people.answers.length).toBeGreaterThan(before + 20)
  await people.disperse()

  const unserved = people.answers.filter(({ status }) => status >= 300)
  expect(unserved.length).toBeGreaterThan(0)
  unserved.forEach(expectUnavailable)
  expect(people.answers.at(-1)!.status).toBeLessThan(300)
  await hold(api, '10A').expect(201)
})

test('while the database is away each request is told so at once, and afterwards a seat is sold', async () => {
  const offer = await passengerOf(api).offer([flight.id])
  await postgres.kill()
  const since = performance.now()
  expectUnavailable(await api.request.get('/api/airports'))
  expectUnavailable(await passengerOf(api).post('/api/bookings', orderFor(offer)))
  expectUnavailable(await api.request.get('/api/bookings').set('Authorization', operator))
  expectUnavailable(await api.request.get('/api/auth/get-session').set('Authorization', operator))
  const stranger = { email: 'nobody@aeroflash.example', password: 'a long enough password' }
  expectUnavailable(await api.request.post('/api/auth/sign-in/email').send(stranger))
  expect(performance.now() - since).toBeLessThan(2_000)

  await api.request.get('/api/healthz').expect(200)
  const unready = await api.request.get('/api/readyz').expect(503)
  expect(unready.body).toMatchObject({ reason: 'the database does not answer' })

  await postgres.restart()
  await isReady()
  await bookAndPay()
})

test('who watches a flight through a restart hears of the delay that comes after it', async () => {
  const watcher = watchStatus(api.url, flight.id)
  onTestFinished(watcher.leave)
  await expect.poll(() => watcher.heard.length).toBe(1)
  await postgres.restart()
  await isReady()
  await report(1, { delay_minutes: 20 })
  await expect.poll(() => watcher.heard.length, { timeout: 10_000 }).toBe(2)
  expect(watcher.heard).toMatchObject([
    { seq: 0, status: 'scheduled' },
    { seq: 1, status: 'delayed' },
  ])
})

test('when all connections wait for one slow lock, the rest is told so after seconds, and nothing is left half done', async () => {
  const small = await startTestApi({ databaseUrl, connectionsMax: 1 })
  onTestFinished(small.close)
  const watcher = watchStatus(small.url, flight.id)
  onTestFinished(watcher.leave)
  await expect.poll(() => watcher.heard.length).toBe(1)

  const { letGo } = await lockSeat('11A')
  const since = performance.now()
  const stuck = [1, 2, 3].map(async () => hold(small, '11A'))
  await expect.poll(waiting).toBe(1)
  const read = small.request.get('/api/airports')
  // The page that watches is woken, and there is no connection to look with.
  await report(2, { delay_minutes: 40 })
  await small.request.get('/api/healthz').expect(200)

  for (const answer of await Promise.all([...stuck, read])) expectUnavailable(answer)
  const seconds = (performance.now() - since) / 1000
  expect(seconds).toBeGreaterThan(2.5)
  expect(seconds).toBeLessThan(12)

  await letGo()
  await small.request.get('/api/airports').expect(200)
  const left = await api.world.db.oneRow(sql('test.left')`
    select (select status from seats.units where flight_id = ${flight.id} and unit_code = '11A') as seat,
           (select count(*)::int from seats.holds h where state = 'active'
             and not exists (select from seats.units where hold_id = h.id)) as empty_holds,
           (select count(*)::int from idempotency.keys where status is null) as open_keys`)
  expect(left).toEqual({ seat: 'available', empty_holds: 0, open_keys: 0 })
  await hold(small, '11A').expect(201)

  await report(3, { delay_minutes: 60 })
  await expect.poll(() => watcher.heard.at(-1)).toMatchObject({ seq: 3, status: 'delayed' })
  expect(watcher.isOpen()).toBe(true)
})

test('a booking that a restart cut short is made once, when it is asked for again with its key', async () => {
  const order = orderFor(await passengerOf(api).offer([flight.id]))
  const key = newKey()
  // By the time that its lines cannot be written the booking is, and its seat is claimed.
  await lock('lock table bookings.lines in exclusive mode')
  const cutShort = Promise.resolve(passengerOf(api).post('/api/bookings', order, key))
  await expect.poll(waiting).toBe(1)
  await postgres.restart()
  expectUnavailable(await cutShort)
  await isReady()
  const first = await passengerOf(api).post('/api/bookings', order, key).expect(201)
  const again = await passengerOf(api).post('/api/bookings', order, key).expect(201)
  expect(again.text).toBe(first.text)
})

test('a statement with a value too many is a bug, which no waiting mends, and no outage', async () => {
  const odd = { name: 'outage.odd', text: 'select $1::text as one', values: ['CTG', 'too many'] }
  const asked = api.world.db.rows(odd)
  await expect(asked).rejects.toMatchObject({ code: '08P01' })
  await expect(asked).rejects.not.toBeInstanceOf(Problem)
})
