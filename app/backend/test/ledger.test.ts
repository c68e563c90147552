import { request as httpRequest } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { registry, tally } from '../kernel/metrics.ts'
import { passengerOf } from './passenger.ts'
import type { Found } from './passenger.ts'
import { startTestApi } from './test-api.ts'

const api = await startTestApi({ connectionsMax: 2 })
afterAll(() => api.close())
const guest = passengerOf(api)

let flight: Found
beforeAll(async () => {
  flight = (await guest.search())[0]!
  // The first of anything in a process compiles what it needs.
  await hold('20A')
})

type Labels = Record<string, string>

/** The series of a metric that have these labels, as a scraper reads them. */
const series = async (name: string, wanted: Labels = {}) => {
  const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`))
  return lines
    .map((line) => {
      const [, text, value] = /\{(.*?)\} (\S+)/.exec(line)!
      const labels = Object.fromEntries(
        [...text!.matchAll(/(\w+)="(.*?)"/g)].map(([, label, value]) => [label!, value!]),
      )
      return { labels, value: Number(value) }
    })
    .filter(({ labels }) =>
      Object.entries(wanted).every(([label, value]) => labels[label] === value),
    )
}

/** Their sum. A scrape shows a new series at nought first, so there are two. */
const sum = async (name: string, wanted: Labels) => {
  await registry.metrics()
  return (await series(name, wanted)).reduce((all, { value }) => all + value, 0)
}

const SEATS = '/api/flights/:id/seats'
const HOLDS = '/api/seat-holds'

const spentOn = async (route: string) => {
  const phases = ['queue', 'pool', 'db', 'external', 'loop', 'app']
  const values = await Promise.all(
    phases.map((phase) => sum('http_request_phase_seconds_total', { route, phase })),
  )
  return Object.fromEntries(phases.map((phase, i) => [phase, values[i]!]))
}

/** How the time that `work` took on a route divides into phases, as shares of it. */
const sharesOf = async (route: string, work: () => Promise<unknown>) => {
  const before = await spentOn(route)
  await work()
  // The account is closed when the answer has left, which may be after the client has it.
  await wait(20)
  const after = await spentOn(route)
  const spent = Object.entries(after).map(([phase, value]) => [phase, value - before[phase]!])
  const all = spent.reduce((total, [, value]) => total + Number(value), 0)
  return Object.fromEntries(spent.map(([phase, value]) => [phase, Number(value) / all])) as Record<
    'pool' | 'db' | 'loop' | 'app' | 'queue' | 'external',
    number
  >
}

const lockSeat = async (seat: string) => {
  const client = new Client({ connectionString: api.config.DATABASE_URL })
  await client.connect()
  await client.query('begin')
  await client.query(
    'select from seats.units where flight_id = $1 and unit_code = $2 for no key update',
    [flight.id, seat],
  )
  return { letGo: () => client.end() }
}

const hold = (seat: string) =>
  guest.post('/api/seat-holds', { flight_id: flight.id, seats: [seat] }).expect(201)

const burn = (milliseconds: number) => {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

test('who waits for a row that another has locked waits for the database', async () => {
  const { letGo } = await lockSeat('14A')
  const shares = await sharesOf(HOLDS, async () => {
    const held = hold('14A').then()
    await wait(400)
    await letGo()
    await held
  })
  expect(shares.db).toBeGreaterThan(0.6)
})

test('who waits for a connection waits for the pool, and not for the database', async () => {
  const locks = [await lockSeat('15A'), await lockSeat('15B')]
  const holds = [hold('15A').then(), hold('15B').then()]
  await wait(100)
  const shares = await sharesOf(SEATS, async () => {
    const map = guest.get(`/api/flights/${flight.id}/seats`).then()
    await wait(400)
    await Promise.all(locks.map(({ letGo }) => letGo()))
    await map
  })
  await Promise.all(holds)
  expect(shares.pool).toBeGreaterThan(0.6)
  expect(shares.db).toBeLessThan(0.1)
})

test('what something else burns on the loop is never the fault of the database', async () => {
  const shares = await sharesOf(SEATS, async () => {
    const maps = Array.from({ length: 6 }, () =>
      guest.get(`/api/flights/${flight.id}/seats`).then(),
    )
    for (let slice = 0; slice < 6; slice++) {
      await wait(1)
      burn(80)
    }
    await Promise.all(maps)
  })
  expect(shares.db).toBeLessThan(0.25)
  expect(shares.loop + shares.pool + shares.app).toBeGreaterThan(0.7)
  expect(shares.loop).toBeGreaterThan(shares.db)
})

test('each statement is counted under its route and its name, transactions and sign-ins included', async () => {
  const named = (route: string, query: string) => sum('db_queries_total', { route, query })
  const before = await named(HOLDS, 'commit')
  await hold('16A')
  expect(await named(HOLDS, 'commit')).toBe(before + 1)
  expect(await named(HOLDS, 'seats.hold_named')).toBeGreaterThan(0)
  await api.signIn('passenger')
  expect(await named('/api/auth/sign-in/email', 'identity.auth.insert_sessions')).toBeGreaterThan(0)
})

const count = (labels: Labels) => sum('http_requests_total', labels)

test('a refusal is counted under the route that was asked for, whoever refuses', async () => {
  const route = '/api/bookings/:id'
  const refused = { method: 'GET', route, status: '401' }
  const before = await count(refused)
  const path = `/api/bookings/${flight.id}`
  await api.request.get(path).set('Authorization', 'Bearer no-token').expect(401)
  expect(await count(refused)).toBe(before + 1)
})

test('what no route answers is one series, however many paths are tried', async () => {
  await api.request.get('/api/nothing').expect(404)
  await registry.metrics()
  const before = (await registry.metrics()).split('\n').length
  await Promise.all(
    Array.from({ length: 300 }, (_, i) => api.request.get(`/api/nothing/${i}/at/all`).expect(404)),
  )
  expect((await registry.metrics()).split('\n').length).toBe(before)
  expect(await count({ route: 'unmatched', status: '404' })).toBeGreaterThan(300)
})

test('a client that goes away is 499, and no failure of ours', async () => {
  const { letGo } = await lockSeat('17A')
  const gone = { route: HOLDS, status: '499' }
  const before = await count(gone)
  const body = JSON.stringify({ flight_id: flight.id, seats: ['17A'] })
  const asked = httpRequest(`${api.url}/api/seat-holds`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'left-before-the-answer' },
  })
  asked.on('error', () => undefined)
  asked.end(body)
  await wait(150)
  asked.destroy()
  await wait(50)
  await letGo()
  expect(await count(gone)).toBe(before + 1)
  expect(await sum('http_requests_in_flight', { route: HOLDS })).toBe(0)
})

test('all that a route can answer is there from boot, at nought', async () => {
  const route = '/api/cancellation-quotes/:id/confirm'
  const cancel = await series('http_requests_total', { route })
  expect(cancel.map(({ labels }) => labels.status)).toEqual(
    expect.arrayContaining(['200', '401', '404', '409', '499', '500', '503']),
  )
  expect(cancel.every(({ value }) => value === 0)).toBe(true)
})

test('what is counted for the first time is shown at nought once, so that its rate is not lost', async () => {
  const first = { route: HOLDS, status: '415' }
  await api.request
    .post('/api/seat-holds')
    .set('Content-Type', 'text/plain')
    .send('seats')
    .expect(415)
  expect(await count(first)).toBe(1)
  tally('test_turns_up_total', 'Turns up.', 'what').of('late').add(3)
  const read = async () =>
    (await registry.metrics()).split('\n').find((line) => line.startsWith('test_turns_up_total{'))
  expect(await read()).toMatch(/ 0$/)
  expect(await read()).toMatch(/ 3$/)
})

test('a slow request leaves its trace beside the figure, to find its log lines by', async () => {
  const { letGo } = await lockSeat('18A')
  const trace = 'abcdefabcdefabcdefabcdefabcdef01'
  const held = guest
    .post('/api/seat-holds', { flight_id: flight.id, seats: ['18A'] })
    .set('traceparent', `00-${trace}-0000000000000001-01`)
    .expect(201)
    .then()
  await wait(1_700)
  await letGo()
  await held
  await wait(20)
  expect(await registry.metrics()).toContain(`trace_id="${trace}"`)
})

test('the metrics of a process that has met every route stay below 5,000 lines', async () => {
  expect((await registry.metrics()).split('\n').length).toBeLessThan(5_000)
})
