import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import airports from '../../data/airports.json' with { type: 'json' }
import { publishSchedule } from '../../slices/flights/commands/publish-schedule.ts'
import { openInventory } from '../../slices/seats/commands/open-inventory.ts'
import { dayIn, passengerOf } from '../passenger.ts'
import type { Found, Passenger } from '../passenger.ts'
import { startTestApi } from '../test-api.ts'
import type { TestApi } from '../test-api.ts'

let api: TestApi
let guest: Passenger
let operator: Passenger
beforeAll(async () => {
  api = await startTestApi()
  guest = passengerOf(api)
  operator = passengerOf(api, await api.signIn('operator'))
})
afterAll(() => api.close())

const ask = (query: object) => api.request.get('/api/flights').query(query)
const usual = { origin: 'BOG', destination: 'ADZ', departure_date: dayIn(9) }

test('a search shows what flies that day, with the lowest fare, the seats left and the promotion', async () => {
  const { flights } = (await ask({ ...usual, passengers: 3 }).expect(200)).body as {
    flights: (Found & { promotion: object })[]
  }
  expect(flights.length).toBeGreaterThanOrEqual(3)
  expect(flights[0]).toMatchObject({
    origin: 'BOG',
    destination: 'ADZ',
    departure_date: usual.departure_date,
    status: 'scheduled',
    seats_left: 180,
    lowest_fare: { currency: 'COP' },
    promotion: { code: 'FLASH10', percent: 10 },
  })
  const times = flights.map(({ departs_at }) => departs_at)
  expect(times).toEqual(times.toSorted())
})

test('pages follow each other without a gap or a repetition', async () => {
  const all = (await ask(usual)).body as { flights: Found[] }
  const seen: string[] = []
  let after: string | null = ''
  while (after !== null) {
    const page = await ask({ ...usual, limit: 1, ...(after && { after }) }).expect(200)
    const body = page.body as { flights: Found[]; meta: { after: string | null } }
    seen.push(...body.flights.map(({ id }) => id))
    after = body.meta.after
  }
  expect(seen).toEqual(all.flights.map(({ id }) => id))
})

test('the days around a date show the lowest fare of each, and days without a flight are left out', async () => {
  const query = { origin: 'BOG', destination: 'ADZ', from: dayIn(3), to: dayIn(9) }
  const { days } = (await api.request.get('/api/flights/days').query(query).expect(200)).body as {
    days: { departure_date: string; lowest_fare: { amount: number }; flights: number }[]
  }
  expect(days.map(({ departure_date }) => departure_date)).toEqual([3, 4, 5, 6, 7, 8, 9].map(dayIn))
  const found = await guest.search('BOG', 'ADZ', 9)
  expect(days.at(-1)).toMatchObject({
    lowest_fare: { amount: Math.min(...found.map((f) => f.lowest_fare.amount)) },
    flights: found.length,
  })
  const tooLong = { ...query, to: dayIn(40) }
  await api.request.get('/api/flights/days').query(tooLong).expect(422)
  const shown = await api.request.get('/api/flights/promotion').expect(200)
  expect(shown.body).toMatchObject({ promotion: { code: 'FLASH10', percent: 10 } })
})

test('nonsense in a search is refused where it stands', async () => {
  const far = await ask({ ...usual, departure_date: dayIn(300) }).expect(422)
  expect(far.body).toMatchObject({
    errors: [{ code: 'outside_horizon' }],
    first_day: dayIn(0),
    last_day: dayIn(11),
  })
  const past = await ask({ ...usual, departure_date: dayIn(-2) }).expect(422)
  expect(past.body).toMatchObject({ errors: [{ code: 'outside_horizon' }] })
  const unknown = await ask({ ...usual, origin: 'XXX' }).expect(422)
  expect(unknown.body).toMatchObject({
    errors: [{ pointer: 'query/origin', code: 'unknown_airport' }],
  })
  const same = await ask({ ...usual, destination: 'BOG' }).expect(422)
  expect(same.body).toMatchObject({ errors: [{ code: 'same_as_origin' }] })
})

test('airports are found by code, by city and without accents', async () => {
  const find = async (query: string) =>
    (
      (await api.request.get('/api/airports').query({ query }).expect(200)).body as {
        airports: { iata_code: string }[]
      }
    ).airports.map(({ iata_code }) => iata_code)
  expect((await find('adz'))[0]).toBe('ADZ')
  expect(await find('bogota')).toContain('BOG')
  expect(await find('medel')).toEqual(expect.arrayContaining(['MDE', 'EOH']))
  expect(await find('%')).toEqual([])
  expect(await find('')).toHaveLength(airports.length)
})

test('local times are right: what leaves Bogotá at 06:15 leaves at 11:15 UTC', async () => {
  const early = (await guest.search()).find(({ flight_number }) => flight_number === 'AF1001')
  expect(early?.departs_at).toMatch(/T11:15:00\.000Z$/)
})

test('publishing the schedule again changes nothing, and a longer one adds days under the same ids', async () => {
  const { db } = api.world
  const needs = { db, clock: () => new Date(), openInventory }
  expect(await publishSchedule(needs, { days: 12 })).toBe(0)
  expect(await publishSchedule(needs, { days: 13 })).toBeGreaterThan(50)
  expect(await guest.search('BOG', 'ADZ', 12)).toHaveLength(3)
})

const report = (flight: string, source_seq: number, status: string, more: object = {}) =>
  operator.post(`/api/operations/flights/${flight}/status-events`, {
    source: 'tower',
    source_seq,
    status,
    ...more,
  })

const statusOf = async (flight: string) =>
  (await api.request.get(`/api/flights/${flight}/status`).expect(200)).body as {
    status: string
    seq: number
    delay_minutes: number
    expected_departs_at: string
    events: { status: string }[]
  }

test('a delay shows in status and expected times; a late or repeated report changes nothing', async () => {
  const flight = (await guest.search('BOG', 'ADZ', 8))[0]!
  await report(flight.id, 5, 'delayed', { delay_minutes: 25, gate: 'A7' }).expect(201)
  const repeated = await report(flight.id, 5, 'boarding').expect(201)
  const late = await report(flight.id, 4, 'cancelled').expect(201)
  expect([repeated.body, late.body]).toEqual([{ changed: false }, { changed: false }])
  const status = await statusOf(flight.id)
  expect(status).toMatchObject({ status: 'delayed', seq: 1, delay_minutes: 25, gate: 'A7' })
  const expected = Date.parse(flight.departs_at) + 25 * 60_000
  expect(Date.parse(status.expected_departs_at)).toBe(expected)
})

test('a flight does not go backwards', async () => {
  const flight = (await guest.search('BOG', 'ADZ', 7))[0]!
  await report(flight.id, 1, 'departed').expect(201)
  const refused = await report(flight.id, 2, 'boarding').expect(422)
  expect(refused.body).toMatchObject({ errors: [{ code: 'impossible_transition' }] })
})

test('who watches a flight hears of a change at once, and on coming back only what was missed', async () => {
  const flight = (await guest.search('BOG', 'ADZ', 6))[0]!
  const watching = new AbortController()
  const heard: { id: string; status: string }[] = []
  const listening = hear(
    `${api.url}/api/flights/${flight.id}/status/events`,
    watching.signal,
    heard,
  )
  await until(() => heard.length === 1)
  await report(flight.id, 1, 'check_in').expect(201)
  await until(() => heard.length === 2)
  await report(flight.id, 2, 'boarding').expect(201)
  await until(() => heard.length === 3)
  watching.abort()
  await listening
  expect(heard).toEqual([
    { id: '0', status: 'scheduled' },
    { id: '1', status: 'check_in' },
    { id: '2', status: 'boarding' },
  ])
})

const hear = async (url: string, signal: AbortSignal, heard: { id: string; status: string }[]) => {
  try {
    const answer = await fetch(url, { signal })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    let rest = ''
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
      const events = (rest + piece).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1]
        const id = /^id: (.*)$/m.exec(event)?.[1]
        if (data && id) heard.push({ id, status: (JSON.parse(data) as { status: string }).status })
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

const until = async (isSo: () => boolean) => {
  for (let tries = 0; tries < 200 && !isSo(); tries++) await wait(25)
  expect(isSo()).toBe(true)
}
