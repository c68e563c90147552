import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../kernel/sql.ts'
import { signWebhook } from '../../partners/webhook-signature.ts'
import { passengerOf } from '../passenger.ts'
import type { Passenger, Placed } from '../passenger.ts'
import { newKey, startTestApi } from '../test-api.ts'
import type { TestApi } from '../test-api.ts'

let api: TestApi
let guest: Passenger
beforeAll(async () => {
  api = await startTestApi()
  guest = passengerOf(api)
})
afterAll(() => api.close())

const place = async (days = 10) =>
  guest.book(await guest.offer([(await guest.search('BOG', 'ADZ', days))[0]!.id]))

const becomes = async (booked: Placed, status: string) => {
  for (let tries = 0; tries < 60; tries++) {
    if ((await guest.read(booked)).status === status) return
    await wait(50)
  }
  expect((await guest.read(booked)).status).toBe(status)
}

const chargesOf = (amount: number) =>
  api.gateway.charges().filter((charge) => charge.amount === amount && charge.status === 'captured')

test('a declined card leaves the booking to be paid with another one', async () => {
  const booked = await place()
  const declined = await guest.pay(booked, 'tok_declined').expect(402)
  expect(declined.body).toMatchObject({
    type: '/problems/payment-declined',
    decline_code: 'insufficient_funds',
  })
  expect((await guest.read(booked)).status).toBe('pending_payment')
  await guest.pay(booked, 'tok_approved').expect(201)
  expect((await guest.read(booked)).status).toBe('confirmed')
})

test('the same key pays once and declines once: a repeated answer is the first one', async () => {
  const booked = await place()
  const key = newKey()
  const declined = await guest.pay(booked, 'tok_declined', key).expect(402)
  const again = await guest.pay(booked, 'tok_declined', key).expect(402)
  expect(again.headers['idempotency-replayed']).toBe('true')
  expect(again.headers['content-type']).toContain('application/problem+json')
  expect(again.body).toEqual(declined.body)
  const other = newKey()
  const paid = await guest.pay(booked, 'tok_approved', other).expect(201)
  const repaid = await guest.pay(booked, 'tok_approved', other).expect(201)
  expect(repaid.body).toEqual(paid.body)
})

test('a payment that is processing settles by the signed webhook, and confirms the booking', async () => {
  const booked = await place()
  const processing = await guest.pay(booked, 'tok_processing').expect(202)
  expect(processing.body).toMatchObject({ status: 'processing' })
  const second = await guest.pay(booked, 'tok_approved').expect(409)
  expect(second.body).toMatchObject({ type: '/problems/payment-pending' })
  await becomes(booked, 'confirmed')
})

test('a payment that is processing and then declined reopens the booking', async () => {
  const booked = await place()
  await guest.pay(booked, 'tok_processing_declined').expect(202)
  await wait(500)
  expect((await guest.read(booked)).status).toBe('pending_payment')
  await guest.pay(booked, 'tok_approved').expect(201)
})

test('an unknown token is a decline, not an error of ours', async () => {
  const booked = await place()
  const refused = await guest.pay(booked, 'tok_nonsense').expect(402)
  expect(refused.body).toMatchObject({ decline_code: 'invalid_payment_method' })
})

test('ten clicks on pay, each with a key of its own, take the money once', async () => {
  const booked = await place(5)
  const answers = await Promise.all(Array.from({ length: 10 }, () => guest.pay(booked)))
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
  expect(statuses).toEqual([201, ...Array<number>(9).fill(409)])
  const { payments } = (await guest.read(booked)) as unknown as { payments: unknown[] }
  expect(payments).toHaveLength(1)
})

test('a booking that is not paid in time expires, and its seats are sold to others', async () => {
  const booked = await place(6)
  const before = (await guest.search('BOG', 'ADZ', 6))[0]!.seats_left
  await endTimeToPay(booked)
  await api.runJob('bookings.expire')
  expect((await guest.read(booked)).status).toBe('expired')
  expect((await guest.search('BOG', 'ADZ', 6))[0]!.seats_left).toBe(before + 1)
  const late = await guest.pay(booked).expect(409)
  expect(late.body).toMatchObject({ type: '/problems/booking-state-conflict', status: 'expired' })
})

test('the gateway may tell the same thing twice, late and out of order: it has one effect', async () => {
  const booked = await place(8)
  const paid = await guest.pay(booked).expect(201)
  const { id } = paid.body as { id: string }
  const captured = notice('evt_1', 'charge.captured', id)
  const declined = notice('evt_2', 'charge.declined', id)
  for (const told of [captured, captured, declined, captured]) await tell(told).expect(204)
  expect((await guest.read(booked)).status).toBe('confirmed')
  expect(chargesOf(booked.total.amount).length).toBeGreaterThan(0)
})

test('a notice that the gateway did not sign, or signed long ago, is refused', async () => {
  const booked = await place(8)
  const paid = await guest.pay(booked, 'tok_processing').expect(202)
  const told = notice('evt_3', 'charge.captured', (paid.body as { id: string }).id)
  await tell(told, 'another secret of the same length 0123456789').expect(401)
  await tell(told, api.config.PAYMENT_WEBHOOK_SECRET, new Date(Date.now() - 600_000)).expect(401)
  await api.request.post('/api/payments/webhooks/gateway').send(told).expect(401)
})

const notice = (id: string, type: string, charge: string) => ({
  id,
  type,
  created_at: new Date().toISOString(),
  data: { charge: { id: charge, decline_code: null } },
})

const tell = (told: object, secret = api.config.PAYMENT_WEBHOOK_SECRET, now = new Date()) => {
  const body = JSON.stringify(told)
  return api.request
    .post('/api/payments/webhooks/gateway')
    .set('Content-Type', 'application/json')
    .set('AeroFlash-Gateway-Signature', signWebhook(secret, body, now))
    .send(body)
}

// Time passes: the hands of the clock are rows here, since the database's clock decides.
const endTimeToPay = async ({ id }: Placed) => {
  await api.world.db.rows(sql('test.due')`
    update bookings.bookings set payment_required_by = now() - interval '1 second' where id = ${id}`)
}
