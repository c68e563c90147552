import { Client } from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { sql } from '../kernel/sql.ts'
import { orderFor, passengerOf } from './passenger.ts'
import type { Found, Placed } from './passenger.ts'
import { refusalOf, refused } from './refusal.ts'
import { newKey, startTestApi } from './test-api.ts'

const api = await startTestApi()
afterAll(() => api.close())
const guest = passengerOf(api)

let flight: Found
let later: Found
beforeAll(async () => {
  ;[flight, later] = (await guest.search()) as [Found, Found]
})

/** Keeps others from rows or tables, as a transaction that takes its time does, until let go. */
const lock = async (statement: string, values: unknown[] = []) => {
  const client = new Client({ connectionString: api.config.DATABASE_URL })
  await client.connect()
  await client.query('begin')
  await client.query(statement, values)
  let ended: Promise<void> | undefined
  const letGo = () => (ended ??= client.end())
  onTestFinished(letGo)
  return { letGo }
}

const lockSeat = (seat: string) =>
  lock(`select from seats.units where flight_id = $1 and unit_code = $2 for update`, [
    flight.id,
    seat,
  ])

const hold = (seats: string[], key = newKey()) =>
  guest.post('/api/seat-holds', { flight_id: flight.id, seats }, key)

const statusOf = async (seat: string) => {
  const { status } = await api.world.db.oneRow<{ status: string }>(sql('test.seat_status')`
    select status from seats.units
     where flight_id = ${flight.id} and kind = 'seat' and unit_code = ${seat}`)
  return status
}

const count = async (what: 'bookings' | 'holds' | 'payments') => {
  const counts = await api.world.db.oneRow<Record<typeof what, number>>(sql('test.count')`
    select (select count(*)::int from bookings.bookings) as bookings,
           (select count(*)::int from seats.holds) as holds,
           (select count(*)::int from payments.payments) as payments`)
  return counts[what]
}

/** What waits for a lock right now, by PostgreSQL's own account. */
const waiting = async () => {
  const { waiting } = await api.world.db.oneRow<{ waiting: number }>(sql('test.waiting')`
    select count(*)::int as waiting from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`)
  return waiting
}

test('without a key nothing is created', async () => {
  const bare = api.request.post('/api/seat-holds').send({ flight_id: flight.id, seats: ['10A'] })
  expect(refusalOf(await bare)).toEqual(refused('idempotency-key-missing'))
  expect(await statusOf('10A')).toBe('available')
})

test.each(['', 'short', 'a'.repeat(256), '"', 'with a blank 0123456789', 'semi;colon-0123456789'])(
  'with the key <%s> nothing is created',
  async (key) => {
    expect(refusalOf(await hold(['10A'], key))).toEqual(refused('idempotency-key-missing'))
    expect(await statusOf('10A')).toBe('available')
  },
)

test('repeated, a request has its first answer, to the letter', async () => {
  const key = newKey()
  const first = await hold(['10B'], key).expect(201)
  expect(first.headers['idempotency-replayed']).toBeUndefined()
  const holds = await count('holds')
  const again = await hold(['10B'], key).expect(201)
  expect(again.headers['idempotency-replayed']).toBe('true')
  expect(again.text).toBe(first.text)
  expect(again.headers.location).toBe(first.headers.location)
  const quoted = await hold(['10B'], `"${key}"`).expect(201)
  expect(quoted.text).toBe(first.text)
  expect(await count('holds')).toBe(holds)
})

test('a body that means the same is the same request, however it is written', async () => {
  const key = newKey()
  const first = await hold(['10C'], key).expect(201)
  const otherwise = `{ "seats": ["10C"],\n  "flight_id": "${flight.id}" }`
  const again = await api.request
    .post('/api/seat-holds')
    .set('Idempotency-Key', key)
    .type('json')
    .send(otherwise)
  expect(again.text).toBe(first.text)
})

test('a key that was used for something else is refused, and what it did stands', async () => {
  const key = newKey()
  await hold(['10D'], key).expect(201)
  expect(refusalOf(await hold(['10E'], key))).toEqual(refused('idempotency-key-reused'))
  expect(await statusOf('10D')).toBe('held')
  expect(await statusOf('10E')).toBe('available')
  const elsewhere = { slices: [{ flight_id: flight.id }], passengers: [{ born_on: '1990-05-17' }] }
  await guest.post('/api/offers', elsewhere, key).expect(201)
})

test('the same key at another booking is another request', async () => {
  const placed = await guest.book(await guest.offer([flight.id]))
  const other = await guest.book(await guest.offer([flight.id]))
  const owner = await api.signIn('operator')
  const key = newKey()
  const ask = ({ id }: Placed) =>
    passengerOf(api, owner).post(`/api/bookings/${id}/cancellation-quotes`, undefined, key)
  await ask(placed).expect(201)
  expect(refusalOf(await ask(other))).toEqual(refused('idempotency-key-reused'))
})

const order = async () => orderFor(await guest.offer([flight.id]))

test('two people may have thought of the same key', async () => {
  const [ana, bruno] = [await api.signIn('passenger'), await api.signIn('passenger')]
  const key = newKey()
  const first = await passengerOf(api, ana)
    .post('/api/bookings', await order(), key)
    .expect(201)
  const second = await passengerOf(api, bruno)
    .post('/api/bookings', await order(), key)
    .expect(201)
  expect((second.body as Placed).id).not.toBe((first.body as Placed).id)
})

test('a refusal is not kept: the same key may try again when the seat is free', async () => {
  const taken = (await hold(['11A']).expect(201)).body as { id: string }
  const key = newKey()
  expect(refusalOf(await hold(['11A'], key))).toEqual(refused('seat-unavailable'))
  await api.request.delete(`/api/seat-holds/${taken.id}`).expect(204)
  await hold(['11A'], key).expect(201)
})

test('twenty at once with one key book once; the others are told to come back, or have the answer', async () => {
  const ordered = await order()
  const bookings = await count('bookings')
  const key = newKey()
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => guest.post('/api/bookings', ordered, key)),
  )
  expect(await count('bookings')).toBe(bookings + 1)
  const booked = answers.filter(({ status }) => status === 201)
  const original = booked.filter(({ headers }) => !headers['idempotency-replayed'])
  expect(original).toHaveLength(1)
  expect(new Set(booked.map(({ text }) => text)).size).toBe(1)
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    expect(refusalOf(answer)).toEqual(refused('request-in-progress'))
    expect(answer.headers['retry-after']).toBe('1')
  }
  const after = await guest.post('/api/bookings', ordered, key).expect(201)
  expect(after.text).toBe(original[0]!.text)
})

test('while the first waits for a seat, nobody with its key waits for it', async () => {
  const { letGo } = await lockSeat('12A')
  const key = newKey()
  let isAnswered = false
  const first = hold(['12A'], key).then((answer) => {
    isAnswered = true
    return answer
  })
  await expect.poll(waiting).toBe(1)

  // Each is answered while the first is still held up: they cannot have waited for it.
  for (let others = 0; others < 20; others++) {
    const answer = await hold(['12A'], key)
    expect(refusalOf(answer)).toEqual(refused('request-in-progress'))
    expect(answer.headers['retry-after']).toBe('1')
  }
  expect(refusalOf(await hold(['12B'], key)).slug).toBe('request-in-progress')
  await hold(['12C']).expect(201)
  expect(isAnswered).toBe(false)
  expect(await waiting()).toBe(1)

  await letGo()
  const { text } = await first
  const replay = await hold(['12A'], key).expect(201)
  expect(replay.text).toBe(text)
})

test('while the bank thinks, nobody with the same key waits, and the card is charged once', async () => {
  const placed = await guest.book(await guest.offer([later.id]))
  const payments = await count('payments')
  const key = newKey()
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => guest.pay(placed, 'tok_timeout', key)),
  )
  // Processing, or captured: the bank's webhook may come before our patience ends.
  const settled = answers.filter(({ status }) => status === 201 || status === 202)
  const original = settled.filter(({ headers }) => !headers['idempotency-replayed'])
  expect(original).toHaveLength(1)
  for (const answer of answers.filter((each) => !settled.includes(each))) {
    expect(refusalOf(answer)).toEqual(refused('request-in-progress'))
    expect(answer.headers['retry-after']).toBe('1')
  }
  expect(settled.length).toBeLessThan(20)
  expect(await count('payments')).toBe(payments + 1)
  const again = await guest.pay(placed, 'tok_timeout', key).expect(original[0]!.status)
  expect(again.headers['idempotency-replayed']).toBe('true')
  expect(again.text).toBe(original[0]!.text)
})

test('what fails half-way leaves nothing, and the same key does it whole', async () => {
  const offer = await guest.offer([later.id])
  const [bookings, holds] = [await count('bookings'), await count('holds')]
  // Seats are claimed and the booking is written by the time that its lines cannot be.
  const { letGo } = await lock('lock table bookings.lines in exclusive mode')
  const key = newKey()
  const failed = await guest.post('/api/bookings', orderFor(offer), key)
  expect(refusalOf(failed)).toEqual(refused('dependency-unavailable'))
  expect(failed.headers['retry-after']).toBe('1')
  await letGo()

  expect(await count('bookings')).toBe(bookings)
  expect(await count('holds')).toBe(holds)
  const [unchanged] = (await guest.search()).filter(({ id }) => id === later.id)
  expect(unchanged!.seats_left).toBe(later.seats_left - 1)
  const { headers } = await guest.post('/api/bookings', orderFor(offer), key).expect(201)
  expect(headers['idempotency-replayed']).toBeUndefined()
})
