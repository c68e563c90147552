import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../kernel/sql.ts'
import { passengerOf } from '../passenger.ts'
import type { Passenger, Placed } from '../passenger.ts'
import { startTestApi } from '../test-api.ts'
import type { TestApi } from '../test-api.ts'

let api: TestApi
let guest: Passenger
beforeAll(async () => {
  api = await startTestApi({ hearsGateway: false })
  guest = passengerOf(api)
})
afterAll(() => api.close())

const place = async (days = 10) =>
  guest.book(await guest.offer([(await guest.search('BOG', 'ADZ', days))[0]!.id]))

test('a time-out is processing, never a failure; the completer finds out that the money came', async () => {
  const booked = await place()
  await guest.pay(booked, 'tok_timeout').expect(202)
  await lookAgainNow()
  await api.runJob('payments.reconcile')
  expect((await guest.read(booked)).status).toBe('confirmed')
})

test('a charge that never reached the gateway is made impossible, and the booking is to be paid again', async () => {
  const booked = await place()
  await guest.pay(booked, 'tok_lost').expect(202)
  await lookAgainNow()
  await api.runJob('payments.reconcile')
  expect((await guest.read(booked)).status).toBe('pending_payment')
  await guest.pay(booked, 'tok_approved').expect(201)
})

test('a booking does not expire while its money is moving', async () => {
  const booked = await place(6)
  await guest.pay(booked, 'tok_timeout').expect(202)
  await endTimeToPay(booked)
  await api.runJob('bookings.expire')
  await api.runJob('seats.expire_holds')
  expect((await guest.read(booked)).status).toBe('pending_payment')
  await lookAgainNow()
  await api.runJob('payments.reconcile')
  expect((await guest.read(booked)).status).toBe('confirmed')
})

test('money that comes when the seats are gone goes back by itself', async () => {
  const booked = await place(7)
  await guest.pay(booked, 'tok_timeout').expect(202)
  await endTimeToPay(booked)
  await api.world.db.rows(sql('test.unlock')`
    update bookings.bookings set payment_locked_until = null where id = ${booked.id}`)
  await api.runJob('bookings.expire')
  await lookAgainNow()
  await api.runJob('payments.reconcile')
  await api.runJob('payments.send_refunds')
  const booking = (await guest.read(booked)) as unknown as { status: string; refunds: object[] }
  expect(booking.status).toBe('expired')
  expect(booking.refunds).toMatchObject([{ status: 'succeeded', amount: booked.total.amount }])
  expect(api.gateway.refunds().some(({ amount }) => amount === booked.total.amount)).toBe(true)
})

test('a booking whose payment is still on its way is not cancelled under it', async () => {
  const booked = await guest.book(await guest.offer([(await guest.search('BOG', 'ADZ', 5))[0]!.id]))
  await guest.pay(booked, 'tok_timeout').expect(202)
  const owner = passengerOf(api, `Bearer ${booked.access_token}`)
  const refused = await owner.post(`/api/bookings/${booked.id}/cancellation-quotes`).expect(409)
  expect(refused.body).toMatchObject({ type: '/problems/payment-pending' })
})

// Time passes: the hands of the clock are rows here, since the database's clock decides.
const lookAgainNow = () =>
  api.world.db.rows(sql('test.look_again')`update payments.payments set next_check_at = now()`)

const endTimeToPay = async ({ id }: Placed) => {
  await api.world.db.rows(sql('test.due')`
    update bookings.bookings set payment_required_by = now() - interval '1 second' where id = ${id}`)
}
