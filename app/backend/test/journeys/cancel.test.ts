import { afterAll, beforeAll, expect, test } from 'vitest'
import { adult, child, infant, passengerOf } from '../passenger.ts'
import type { Passenger, Placed } from '../passenger.ts'
import { startTestApi } from '../test-api.ts'
import type { TestApi } from '../test-api.ts'
import { sql } from '../../kernel/sql.ts'

let api: TestApi
let guest: Passenger
beforeAll(async () => {
  api = await startTestApi()
  guest = passengerOf(api)
})
afterAll(() => api.close())

type Quote = {
  id: string
  status: string
  refund: { amount: number }
  retained: { amount: number }
  lines: { amount: number; kind: string; code: string; reverses_line_id: number | null }[]
  rules: { code: string; retained: number; applied: boolean }[]
}
type Booking = {
  status: string
  total: { amount: number }
  available_actions: string[]
  refunds: { status: string; amount: number }[]
}

const quoteFor = async (booked: Placed) =>
  (await as(booked).post(`/api/bookings/${booked.id}/cancellation-quotes`).expect(201))
    .body as Quote

const as = ({ access_token }: Placed) => passengerOf(api, `Bearer ${access_token}`)

const confirm = (booked: Placed, { id }: Quote) =>
  as(booked).post(`/api/cancellation-quotes/${id}/confirm`)

const flightIn = async (days: number) => (await guest.search('BOG', 'ADZ', days))[0]!

test('a family cancels: the quote shows every rule and line, and the money goes back', async () => {
  const flight = await flightIn(10)
  const offer = await guest.offer([flight.id], [adult, child, infant], { pets: 1 })
  const booked = await guest.book(offer)
  await guest.pay(booked).expect(201)

  const quote = await quoteFor(booked)
  expect(quote.refund.amount + quote.retained.amount).toBe(offer.total.amount)
  expect(-quote.lines.reduce((sum, { amount }) => sum + amount, 0)).toBe(quote.refund.amount)
  expect(quote.rules.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['RETRACTO_CO_DOMESTIC', 'DESISTIMIENTO_CO', 'LATE_CANCELLATION']),
  )
  const applied = quote.rules.find((rule) => rule.applied)
  expect(applied?.retained).toBe(Math.min(...quote.rules.map(({ retained }) => retained)))

  const cancelled = await confirm(booked, quote).expect(200)
  expect(cancelled.body).toMatchObject({ status: 'confirmed', refund: quote.refund })
  await api.runJob('payments.send_refunds')
  const booking = (await guest.read(booked)) as unknown as Booking
  expect(booking).toMatchObject({
    status: 'cancelled',
    total: quote.retained,
    available_actions: [],
    refunds: [{ status: 'succeeded', amount: quote.refund.amount }],
    slices: [{ flight_id: flight.id }],
  })
  expect((await flightIn(10)).seats_left).toBe(flight.seats_left)
})

test('the sweets of a cancelled booking are taken back from the cost ledger', async () => {
  const booked = await guest.book(await guest.offer([(await flightIn(9)).id], [adult, child]))
  await guest.pay(booked).expect(201)
  expect(await bagsOf(booked)).toBe(1)
  await confirm(booked, await quoteFor(booked)).expect(200)
  expect(await bagsOf(booked)).toBe(0)
})

const bagsOf = async ({ id }: Placed) =>
  (
    await api.world.db.oneRow<{ bags: number }>(sql('test.bags')`
      select coalesce(sum(quantity), 0)::int as bags from bookings.cost_ledger where booking_id = ${id}`)
  ).bags

test('what is not paid yet is cancelled for nothing, and its seats go back', async () => {
  const before = (await flightIn(8)).seats_left
  const booked = await guest.book(await guest.offer([(await flightIn(8)).id]))
  const quote = await quoteFor(booked)
  expect(quote).toMatchObject({ refund: { amount: 0 }, retained: { amount: 0 } })
  await confirm(booked, quote).expect(200)
  expect((await guest.read(booked)).status).toBe('cancelled')
  expect((await flightIn(8)).seats_left).toBe(before)
})

test('only the newest quote counts, once, and not after the booking has changed', async () => {
  const booked = await guest.book(await guest.offer([(await flightIn(7)).id]))
  const unpaid = await quoteFor(booked)
  await guest.pay(booked).expect(201)
  const stale = await confirm(booked, unpaid).expect(409)
  expect(stale.body).toMatchObject({ type: '/problems/quote-superseded' })
  const first = await quoteFor(booked)
  const second = await quoteFor(booked)
  await confirm(booked, first).expect(409)
  await confirm(booked, second).expect(200)
  await confirm(booked, second).expect(409)
})

test('twenty confirmations at once refund once', async () => {
  const booked = await guest.book(await guest.offer([(await flightIn(6)).id]))
  await guest.pay(booked).expect(201)
  const quote = await quoteFor(booked)
  const answers = await Promise.all(Array.from({ length: 20 }, () => confirm(booked, quote)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(19)
  await api.runJob('payments.send_refunds')
  const { refunds } = (await guest.read(booked)) as unknown as Booking
  expect(refunds).toHaveLength(1)
})

test('when we cancel the flight, everything goes back', async () => {
  const flight = (await guest.search('MDE', 'ADZ', 8))[0]!
  const booked = await guest.book(await guest.offer([flight.id], [adult]))
  await guest.pay(booked).expect(201)
  const operator = passengerOf(api, await api.signIn('operator'))
  await operator
    .post(`/api/operations/flights/${flight.id}/status-events`, {
      source: 'control',
      source_seq: 1,
      status: 'cancelled',
      reason: 'Weather',
    })
    .expect(201)
  const quote = await quoteFor(booked)
  expect(quote.refund.amount).toBe(booked.total.amount)
  expect(quote.rules).toMatchObject([{ code: 'FLIGHT_CANCELLED', retained: 0, applied: true }])
  await guest
    .post('/api/offers', { slices: [{ flight_id: flight.id }], passengers: [adult] })
    .expect(409)
})

test('a quote does not outlive its time', async () => {
  const booked = await guest.book(await guest.offer([(await flightIn(5)).id]))
  const quote = await quoteFor(booked)
  await api.world.db.rows(sql('test.old_quote')`
    update bookings.cancellation_quotes set expires_at = now() - interval '1 second' where id = ${quote.id}`)
  const late = await confirm(booked, quote).expect(410)
  expect(late.body).toMatchObject({ type: '/problems/quote-expired' })
  expect((await guest.read(booked)).status).toBe('pending_payment')
})
