import { afterAll, expect, test } from 'vitest'
import { dayIn, passengerOf } from '../../test/passenger.ts'
import { refusalOf, refused } from '../../test/refusal.ts'
import { startTestApi } from '../../test/test-api.ts'

type Listed = { id: string; flight_number: string; status: string; gate: string | null }

const api = await startTestApi()
// Late enough that what flies today has left, and its sale is over.
const tonight = await startTestApi({
  databaseUrl: api.config.DATABASE_URL,
  clock: () => new Date(`${dayIn(1)}T04:59:00Z`),
})
afterAll(async () => {
  await tonight.close()
  await api.close()
})
const guest = passengerOf(api)

const ask = (query: object, of = api) => of.request.get('/api/flights/status').query(query)
const listed = async (query: object, of = api) =>
  ((await ask(query, of).expect(200)).body as { flights: Listed[] }).flights

test('a flight is found by its number and day, with its delay and its gate', async () => {
  const operator = passengerOf(api, await api.signIn('operator'))
  const flight = (await guest.search('BOG', 'ADZ', 5))[0]!
  await operator
    .post(`/api/operations/flights/${flight.id}/status-events`, {
      source: 'tower',
      source_seq: 1,
      status: 'delayed',
      delay_minutes: 40,
      gate: 'B2',
    })
    .expect(201)
  const [found, ...others] = await listed({
    flight_number: flight.flight_number,
    departure_date: dayIn(5),
  })
  expect(others).toEqual([])
  expect(found).toMatchObject({
    id: flight.id,
    origin: 'BOG',
    destination: 'ADZ',
    status: 'delayed',
    gate: 'B2',
    expected_departs_at: new Date(Date.parse(flight.departs_at) + 40 * 60_000).toISOString(),
  })
})

test('what can no longer be booked is found still, by route and by number', async () => {
  const route = { origin: 'BOG', destination: 'ADZ', departure_date: dayIn(0) }
  const search = await tonight.request.get('/api/flights').query(route).expect(200)
  expect((search.body as { flights: Listed[] }).flights).toEqual([])

  const flights = await listed(route, tonight)
  expect(flights.length).toBeGreaterThanOrEqual(3)
  const { flight_number, id } = flights[0]!
  const again = await listed({ flight_number, departure_date: dayIn(0) }, tonight)
  expect(again.map((one) => one.id)).toEqual([id])
})

test('in the evening, when UTC is a day ahead, the flights of that evening are on the schedule', async () => {
  const evening = await startTestApi({
    databaseUrl: api.config.DATABASE_URL,
    clock: () => new Date(`${dayIn(60)}T02:00:00Z`),
    environment: { SCHEDULE_DAYS: '1' },
  })
  await evening.runJob('flights.publish_schedule')
  await evening.close()
  const route = { origin: 'BOG', destination: 'ADZ' }
  expect(await listed({ ...route, departure_date: dayIn(59) })).not.toEqual([])
  expect(await listed({ ...route, departure_date: dayIn(60) })).toEqual([])
})

test('a number that does not fly that day is an empty list, and not an error', async () => {
  expect(await listed({ flight_number: 'ZZ9999', departure_date: dayIn(3) })).toEqual([])
  expect(await listed({ flight_number: 'AF1001', departure_date: dayIn(300) })).toEqual([])
})

test.each([
  [{}, 'query/flight_number'],
  [{ origin: 'BOG' }, 'query/flight_number'],
  [{ flight_number: 'AF1001', origin: 'BOG', destination: 'ADZ' }, 'query/flight_number'],
  [{ flight_number: 'af-1001' }, 'query/flight_number'],
])('a question that is none is refused where it stands: %j', async (query, pointer) => {
  const answer = await ask({ departure_date: dayIn(3), ...query })
  expect(refusalOf(answer)).toEqual(refused('validation-failed', pointer))
})
