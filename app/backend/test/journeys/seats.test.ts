import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../kernel/sql.ts'
import { adult, orderFor, passengerOf } from '../passenger.ts'
import type { Passenger } from '../passenger.ts'
import { startTestApi } from '../test-api.ts'
import type { TestApi } from '../test-api.ts'

let api: TestApi
let guest: Passenger
beforeAll(async () => {
  api = await startTestApi()
  guest = passengerOf(api)
})
afterAll(() => api.close())

type Hold = { id: string; seats: string[]; expires_at: string; extendable_until: string }
type SeatMap = {
  pet_places_left: number
  cabins: {
    cabin: string
    columns: string
    rows: { row: number; exit_row: boolean; seats: { seat: string; status: string }[] }[]
  }[]
}

const flightIn = async (days: number) => (await guest.search('BOG', 'ADZ', days))[0]!.id
const hold = (flight_id: string, seats: string[]) =>
  guest.post('/api/seat-holds', { flight_id, seats })
const held = async (flight_id: string, seats: string[]) =>
  (await hold(flight_id, seats).expect(201)).body as Hold

const mapOf = async (flight: string) =>
  (await api.request.get(`/api/flights/${flight}/seats`).expect(200)).body as SeatMap

const statusOf = async (flight: string, seat: string) =>
  (await mapOf(flight)).cabins
    .flatMap(({ rows }) => rows.flatMap(({ seats }) => seats))
    .find((known) => known.seat === seat)?.status

const endHold = (id: string) =>
  api.world.db.rows(sql('test.end_hold')`
    with hold as (update seats.holds set expires_at = now() - interval '1 second' where id = ${id})
    update seats.units set held_until = now() - interval '1 second' where hold_id = ${id}`)

test('the seat map is the real layout: 180 seats in thirty rows of three and three', async () => {
  const { cabins, pet_places_left } = await mapOf(await flightIn(11))
  expect(cabins).toHaveLength(1)
  expect(cabins[0]).toMatchObject({ cabin: 'economy', columns: 'ABC DEF' })
  expect(cabins[0]!.rows.flatMap(({ seats }) => seats)).toHaveLength(180)
  expect(cabins[0]!.rows.some(({ exit_row }) => exit_row)).toBe(true)
  expect(pet_places_left).toBe(6)
})

test('a held seat is nobody else’s until it is let go', async () => {
  const flight = await flightIn(10)
  const mine = await held(flight, ['12A', '12B'])
  expect(await statusOf(flight, '12A')).toBe('held')
  const refused = await hold(flight, ['12B', '12C']).expect(409)
  expect(refused.body).toMatchObject({ type: '/problems/seat-unavailable', units: ['12B'] })
  expect(await statusOf(flight, '12C')).toBe('available')
  await api.request.delete(`/api/seat-holds/${mine.id}`).expect(204)
  await api.request.delete(`/api/seat-holds/${mine.id}`).expect(204)
  expect(await statusOf(flight, '12A')).toBe('available')
})

test('fifty passengers racing for one seat: one gets it, the others are told it is taken', async () => {
  const flight = await flightIn(10)
  const answers = await Promise.all(Array.from({ length: 50 }, () => hold(flight, ['15C'])))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  const refused = answers.filter(({ status }) => status === 409)
  expect(refused).toHaveLength(49)
  expect(new Set(refused.map(({ body }) => (body as { type: string }).type))).toEqual(
    new Set(['/problems/seat-unavailable']),
  )
})

test('parties that want overlapping seats in different orders never wait for each other in a ring', async () => {
  const flight = await flightIn(9)
  const wishes = [
    ['10A', '10B', '10C'],
    ['10C', '10B', '10A'],
    ['10B', '10C', '10D'],
  ]
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, i) => hold(flight, wishes[i % wishes.length]!)),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
})

test('an expired hold can be taken over at once, though nobody has swept it yet', async () => {
  const flight = await flightIn(8)
  const mine = await held(flight, ['9A'])
  await endHold(mine.id)
  expect(await statusOf(flight, '9A')).toBe('available')
  await held(flight, ['9A'])
  const late = await guest.post('/api/offers', {
    slices: [{ flight_id: flight }],
    passengers: [adult],
    seat_hold_ids: [mine.id],
  })
  expect(late.status).toBe(410)
})

test('a hold can be extended, but not for ever and not from the dead', async () => {
  const flight = await flightIn(8)
  const mine = await held(flight, ['8A'])
  const later = (await guest.post(`/api/seat-holds/${mine.id}/extend`).expect(200)).body as Hold
  expect(Date.parse(later.expires_at)).toBeGreaterThanOrEqual(Date.parse(mine.expires_at))
  await api.world.db.rows(sql('test.age_hold')`
    update seats.holds set created_at = now() - interval '35 minutes' where id = ${mine.id}`)
  const last = (await guest.post(`/api/seat-holds/${mine.id}/extend`).expect(200)).body as Hold
  expect(last.expires_at).toBe(last.extendable_until)
  await endHold(mine.id)
  await guest.post(`/api/seat-holds/${mine.id}/extend`).expect(410)
})

test('the sweeper frees what expired and leaves what lives', async () => {
  const flight = await flightIn(7)
  const dead = await held(flight, ['7A'])
  await held(flight, ['7B'])
  await endHold(dead.id)
  await api.runJob('seats.expire_holds')
  const { status } = await api.world.db.oneRow<{ status: string }>(sql('test.unit')`
    select status from seats.units where flight_id = ${flight} and unit_code = '7A'`)
  expect(status).toBe('available')
  expect(await statusOf(flight, '7B')).toBe('held')
})

test('a seat that the aircraft does not have, and a flight that does not exist, are said', async () => {
  const flight = await flightIn(7)
  const refused = await hold(flight, ['99A', '6A']).expect(422)
  expect(refused.body).toMatchObject({ errors: [{ pointer: '/seats', code: 'unknown_seat' }] })
  expect(await statusOf(flight, '6A')).toBe('available')
  await hold('00000000-0000-8000-8000-000000000000', ['1A']).expect(404)
})

test('a flight that leaves within the hour is closed', async () => {
  const flight = await flightIn(6)
  const offer = await guest.offer([flight])
  await api.world.db.rows(sql('test.close')`
    update seats.departures set closes_at = now() where flight_id = ${flight}`)
  expect((await hold(flight, ['1A']).expect(409)).body).toMatchObject({
    type: '/problems/flight-closed',
  })
  await guest.post('/api/bookings', orderFor(offer)).expect(409)
})

test('more seats held than passengers, and seats of another flight, are refused', async () => {
  const [here, there] = [await flightIn(5), await flightIn(4)]
  const mine = await held(here, ['5A', '5B'])
  const ask = (flight_id: string) =>
    guest.post('/api/offers', {
      slices: [{ flight_id }],
      passengers: [adult],
      seat_hold_ids: [mine.id],
    })
  expect((await ask(here).expect(422)).body).toMatchObject({
    errors: [{ code: 'more_seats_than_passengers' }],
  })
  expect((await ask(there).expect(422)).body).toMatchObject({
    errors: [{ code: 'hold_of_another_flight' }],
  })
})

test('the database itself refuses to sell a seat twice', async () => {
  const flight = await flightIn(3)
  const booked = await guest.book(await guest.offer([flight]))
  await guest.pay(booked).expect(201)
  const again = api.world.db.rows(sql('test.sell_twice')`
    insert into seats.sales (id, flight_id, kind, unit_code, booking_id)
    select gen_random_uuid(), flight_id, kind, unit_code, booking_id
      from seats.sales where flight_id = ${flight}`)
  await expect(again).rejects.toThrow('sales_one_live')
})
