import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../kernel/sql.ts'
import { adult, passengerOf } from '../passenger.ts'
import type { Found, Passenger, Placed } from '../passenger.ts'
import { startTestApi } from '../test-api.ts'
import type { TestApi } from '../test-api.ts'

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
  change_total: { amount: number }
  rules: { code: string }[]
}
type Booking = {
  status: string
  version: number
  total: { amount: number }
  slices: { flight_id: string }[]
  payments: { amount: number; status: string }[]
  refunds: { amount: number; status: string }[]
}

const as = ({ access_token }: Placed) => passengerOf(api, `Bearer ${access_token}`)
const readBooking = async (booked: Placed) => (await guest.read(booked)) as unknown as Booking

const bookPaid = async (flight: Found) => {
  const booked = await guest.book(await guest.offer([flight.id]))
  await guest.pay(booked).expect(201)
  return booked
}

const quoteChange = async (booked: Placed, from: Found, to: Found, more: object = {}) => {
  const offer = await guest.offer([to.id], [adult], more)
  const asked = { offer_id: offer.id, remove_flight_ids: [from.id] }
  return as(booked).post(`/api/bookings/${booked.id}/change-quotes`, asked)
}

const quoted = async (booked: Placed, from: Found, to: Found) =>
  (await (
    await quoteChange(booked, from, to)
  ).body) as Quote

const confirm = (booked: Placed, { id }: Quote, method?: object) =>
  as(booked).post(`/api/change-quotes/${id}/confirm`, method ? { method } : {})

const card = (token: string) => ({ type: 'card', token })
const on = async (days: number, destination = 'ADZ') => guest.search('BOG', destination, days)

test('an even exchange within a day of the purchase costs nothing and moves the seat', async () => {
  const [from, to] = (await on(10)) as [Found, Found]
  const booked = await bookPaid(from)
  const quote = await quoted(booked, from, to)
  expect(quote.change_total.amount).toBe(0)
  expect(quote.rules.map(({ code }) => code)).toContain('CHANGE_FREE_24H')
  await confirm(booked, quote).expect(200)
  const booking = await readBooking(booked)
  expect(booking).toMatchObject({ status: 'confirmed', version: 3 })
  expect(booking.slices.map(({ flight_id }) => flight_id)).toEqual([to.id])
  const [left] = await on(10)
  expect(left!.seats_left).toBe(from.seats_left)
})

test('a dearer flight is paid first: declined keeps the old one, approved moves to the new one', async () => {
  const [from] = await on(10)
  const [to] = await on(10, 'MIA')
  const booked = await bookPaid(from!)
  const quote = await quoted(booked, from!, to!)
  expect(quote.change_total.amount).toBeGreaterThan(0)

  await confirm(booked, quote).expect(422)
  await confirm(booked, quote, card('tok_declined')).expect(402)
  expect((await readBooking(booked)).slices[0]!.flight_id).toBe(from!.id)

  await confirm(booked, quote, card('tok_approved')).expect(200)
  const booking = await readBooking(booked)
  expect(booking.slices[0]!.flight_id).toBe(to!.id)
  expect(booking.total.amount).toBe(booked.total.amount + quote.change_total.amount)
  expect(booking.payments.filter(({ status }) => status === 'captured')).toHaveLength(2)
})

test('a surcharge that is processing changes the booking when it settles', async () => {
  const [from] = await on(10)
  const [to] = await on(10, 'MIA')
  const booked = await bookPaid(from!)
  const quote = await quoted(booked, from!, to!)
  await confirm(booked, quote, card('tok_processing')).expect(202)
  for (let tries = 0; tries < 60; tries++) {
    if ((await readBooking(booked)).version === 3) break
    await wait(50)
  }
  expect((await readBooking(booked)).slices[0]!.flight_id).toBe(to!.id)
})

test('a cheaper flight gives the difference back', async () => {
  const [from] = await on(10, 'MIA')
  const [to] = await on(10)
  const booked = await bookPaid(from!)
  const quote = await quoted(booked, from!, to!)
  expect(quote.change_total.amount).toBeLessThan(0)
  await confirm(booked, quote).expect(200)
  await api.runJob('payments.send_refunds')
  const booking = await readBooking(booked)
  expect(booking.refunds).toMatchObject([
    { amount: -quote.change_total.amount, status: 'succeeded' },
  ])
  expect(booking.total.amount).toBe(booked.total.amount + quote.change_total.amount)
})

test('later than a day after the purchase a part of the fare is kept', async () => {
  const [from, to] = (await on(10)) as [Found, Found]
  const booked = await bookPaid(from)
  await api.world.db.rows(sql('test.bought_earlier')`
    update bookings.bookings set confirmed_at = now() - interval '30 hours' where id = ${booked.id}`)
  const quote = await quoted(booked, from, to)
  expect(quote.change_total.amount).toBeGreaterThan(0)
  expect(quote.rules.map(({ code }) => code)).not.toContain('CHANGE_FREE_24H')
})

test('a change must be of the booking’s own flights, for the same party, and without overlaps', async () => {
  const [from, to] = (await on(8)) as [Found, Found]
  const booked = await bookPaid(from)
  const stranger = await quoteChange(booked, to, to)
  expect(stranger.body).toMatchObject({ errors: [{ code: 'not_in_booking' }] })
  const pets = await quoteChange(booked, from, to, { pets: 1 })
  expect(pets.body).toMatchObject({ errors: [{ code: 'not_as_booked' }] })
  const back = (await guest.search('ADZ', 'BOG', 9)).find((f) => f.flight_number === 'AF1002')!
  const inTheAir = (await on(9)).find((f) => f.flight_number === 'AF1003')!
  const round = await guest.book(await guest.offer([from.id, back.id]))
  await guest.pay(round).expect(201)
  const overlapping = await quoteChange(round, from, inTheAir)
  expect(overlapping.body).toMatchObject({ errors: [{ code: 'flights_overlap' }] })
})

test('an unpaid booking is not changed but paid or cancelled', async () => {
  const [from, to] = (await on(7)) as [Found, Found]
  const booked = await guest.book(await guest.offer([from.id]))
  const refused = await quoteChange(booked, from, to)
  expect(refused.body).toMatchObject({ type: '/problems/booking-state-conflict' })
})

test('money for a change whose seats were lost meanwhile goes back, and the booking stays as it was', async () => {
  const [from] = await on(9)
  const [to] = await on(9, 'MIA')
  const booked = await bookPaid(from!)
  const quote = await quoted(booked, from!, to!)
  api.gateway.setWebhookUrl('http://127.0.0.1:9/nobody')
  await confirm(booked, quote, card('tok_timeout')).expect(202)
  await api.world.db.rows(sql('test.lose_hold')`
    update seats.holds set expires_at = now() - interval '1 second'
     where id = (select hold_id from bookings.change_quotes where id = ${quote.id})`)
  await api.runJob('seats.expire_holds')
  await api.world.db.rows(
    sql('test.look_again')`update payments.payments set next_check_at = now()`,
  )
  await api.runJob('payments.reconcile')
  await api.runJob('payments.send_refunds')
  const booking = await readBooking(booked)
  expect(booking.slices[0]!.flight_id).toBe(from!.id)
  expect(booking.refunds).toMatchObject([
    { status: 'succeeded', amount: quote.change_total.amount },
  ])
})
