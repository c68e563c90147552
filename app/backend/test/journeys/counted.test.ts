import { afterAll, beforeAll, expect, test } from 'vitest'
import { registry } from '../../kernel/metrics.ts'
import { sql } from '../../kernel/sql.ts'
import { orderFor, passengerOf } from '../passenger.ts'
import type { Found, Passenger, Placed } from '../passenger.ts'
import { newKey, startTestApi } from '../test-api.ts'
import type { TestApi } from '../test-api.ts'

let api: TestApi
let guest: Passenger
let flight: Found
beforeAll(async () => {
  // Nothing settles by itself meanwhile.
  api = await startTestApi({ hearsGateway: false })
  guest = passengerOf(api)
  flight = (await guest.search('BOG', 'ADZ', 9))[0]!
  // A counter shows what it has from the second scrape on.
  await scrape()
})
afterAll(() => api.close())

const scrape = async () => {
  const text = await registry.metrics()
  return (series: string) => {
    const line = text.split('\n').find((one) => one.startsWith(`aeroflash_${series} `))
    if (!line) throw new Error(`there is no series ${series}`)
    return Number(line.split(' ')[1])
  }
}

/** By how much each of the series went up meanwhile. */
const counting = async (series: string[], work: () => Promise<unknown>) => {
  const before = await scrape()
  await work()
  const after = await scrape()
  return series.map((one) => after(one) - before(one))
}

const place = async () => guest.book(await guest.offer([flight.id]))

const makeDue = ({ id }: Placed) =>
  api.world.db.rows(sql('test.due')`
    update bookings.bookings set payment_required_by = now() - interval '1 second' where id = ${id}`)

const outcomes = (name: string, ...values: string[]) =>
  values.map((value) => `${name}{outcome="${value}"}`)

test('searches are counted by what came of them', async () => {
  const ask = (destination: string, days: string) =>
    api.request
      .get('/api/flights')
      .query({ origin: 'BOG', destination, departure_date: days, passengers: 1 })
  const day = flight.departs_at.slice(0, 10)
  const counts = await counting(
    outcomes('flights_searches_total', 'found', 'empty', 'refused'),
    async () => {
      await ask('ADZ', day).expect(200)
      await ask('BOG', day).expect(422)
      await ask('XXX', day).expect(422)
      await ask('nowhere', day).expect(422)
    },
  )
  // The last could not be read as a search at all.
  expect(counts).toEqual([1, 0, 2])
})

test('a seat held is counted once, however often the answer is asked for, and a taken one too', async () => {
  const key = newKey()
  const hold = { flight_id: flight.id, seats: ['14C'] }
  const counts = await counting(outcomes('seats_holds_total', 'held', 'unavailable'), async () => {
    await guest.post('/api/seat-holds', hold, key).expect(201)
    await guest.post('/api/seat-holds', hold, key).expect(201)
    await guest.post('/api/seat-holds', hold).expect(409)
  })
  expect(counts).toEqual([1, 1])
})

test('a booking and its payment are counted once each, and not again when they are asked for again', async () => {
  const [bookingKey, paymentKey] = [newKey(), newKey()]
  const counts = await counting(
    [
      'offers_quotes_total{outcome="quoted"}',
      ...outcomes('bookings_bookings_total', 'placed', 'refused'),
      'bookings_confirmations_total',
      ...outcomes('payments_payments_total', 'captured', 'declined'),
    ],
    async () => {
      const offer = await guest.offer([flight.id])
      const booked = await guest.book(offer, bookingKey)
      await guest.book(offer, bookingKey)
      await guest.post('/api/bookings', orderFor(offer)).expect(409)
      await guest.pay(booked, 'tok_declined').expect(402)
      await guest.pay(booked, 'tok_approved', paymentKey).expect(201)
      await guest.pay(booked, 'tok_approved', paymentKey).expect(201)
    },
  )
  expect(counts).toEqual([1, 1, 1, 1, 1, 1])
})

test('money is counted as it comes and as it goes back', async () => {
  const booked = await place()
  const [captured, refunded, cancellations] = await counting(
    [
      'payments_captured_cents_total{currency="COP"}',
      'payments_refunded_cents_total{currency="COP"}',
      'bookings_cancellations_total',
    ],
    async () => {
      await guest.pay(booked).expect(201)
      const owner = passengerOf(api, `Bearer ${booked.access_token}`)
      const quoted = await owner.post(`/api/bookings/${booked.id}/cancellation-quotes`).expect(201)
      const { id } = quoted.body as { id: string }
      await owner.post(`/api/cancellation-quotes/${id}/confirm`).expect(200)
      await api.runJob('payments.send_refunds')
    },
  )
  expect(captured).toBe(booked.total.amount)
  expect(refunded).toBeGreaterThan(0)
  expect(refunded).toBeLessThanOrEqual(booked.total.amount)
  expect(cancellations).toBe(1)
})

test('what a failed commit undid is not counted', async () => {
  await api.world.db.rows(sql('test.trap')`
    create function test_trap() returns trigger language plpgsql as
      'begin raise exception ''no''; end'`)
  await api.world.db.rows(sql('test.set_trap')`
    create constraint trigger trap after insert on bookings.bookings
       deferrable initially deferred for each row execute function test_trap()`)
  const offer = await guest.offer([flight.id])
  const counts = await counting(outcomes('bookings_bookings_total', 'placed', 'refused'), () =>
    api.request
      .post('/api/bookings')
      .set('Idempotency-Key', newKey())
      .send(orderFor(offer))
      .expect(500),
  )
  await api.world.db.rows(sql('test.unset_trap')`drop trigger trap on bookings.bookings`)
  expect(counts).toEqual([0, 0])
})

test('bookings that nobody pays and holds that run out are counted by the worker', async () => {
  const booked = await place()
  await guest.post('/api/seat-holds', { flight_id: flight.id, seats: ['15C'] }).expect(201)
  await makeDue(booked)
  await api.world.db.rows(sql('test.end_holds')`
    update seats.holds set expires_at = now() - interval '1 second' where state = 'active'`)
  const [expired, holds] = await counting(
    ['bookings_expiries_total', 'seats_hold_expiries_total'],
    async () => {
      await api.runJob('bookings.expire')
      await api.runJob('seats.expire_holds')
    },
  )
  expect(expired).toBe(1)
  expect(holds).toBeGreaterThanOrEqual(1)
})

test('the gauges tell seats sold of all there are, and count a seat with two owners', async () => {
  const booked = await place()
  await api.runJob('reports.update_stock')
  const before = await scrape()
  await guest.pay(booked).expect(201)
  await api.runJob('reports.update_stock')
  const after = await scrape()
  expect(after('seats_capacity')).toBeGreaterThan(1_000)
  expect(after('seats_sold') - before('seats_sold')).toBe(1)
  expect(after('seats_oversold')).toBe(0)
  expect(after('payments_stuck')).toBe(0)

  const other = await place()
  await guest.pay(other).expect(201)
  await api.world.db.rows(sql('test.steal_seat')`
    update bookings.items set unit_code = (select unit_code from bookings.items
                                            where booking_id = ${booked.id} and kind = 'seat')
     where booking_id = ${other.id} and kind = 'seat'`)
  const stuck = await place()
  const [processing] = await counting(outcomes('payments_payments_total', 'processing'), () =>
    guest.pay(stuck, 'tok_processing').expect(202),
  )
  expect(processing).toBe(1)
  await api.world.db.rows(sql('test.age_payment')`
    update payments.payments set created_at = now() - interval '20 minutes'
     where booking_id = ${stuck.id}`)
  await api.runJob('reports.update_stock')
  const broken = await scrape()
  expect(broken('seats_oversold')).toBe(1)
  expect(broken('payments_stuck')).toBe(1)
})
