import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../kernel/sql.ts'
import { adult, passengerOf } from '../passenger.ts'
import type { Passenger, Placed } from '../passenger.ts'
import { startTestApi } from '../test-api.ts'
import type { TestApi } from '../test-api.ts'

let api: TestApi
let guest: Passenger
beforeAll(async () => {
  api = await startTestApi()
  guest = passengerOf(api)
})
afterAll(() => api.close())

const place = async () =>
  guest.book(await guest.offer([(await guest.search('BOG', 'ADZ', 9))[0]!.id], [adult]))

const lookUp = (
  booked: Pick<Placed, 'booking_reference'>,
  family_name: string,
  path = '',
  more = {},
) =>
  api.request
    .post(`/api/bookings/lookup${path}`)
    .send({ booking_reference: booked.booking_reference, family_name, ...more })

// What the throttle counts would carry over from one test to the next.
const forgetAttempts = () =>
  api.world.db.rows(sql('test.forget_attempts')`delete from bookings.lookup_attempts`)

test('reference and family name show where it goes and nobody’s data, accents and case aside', async () => {
  const booked = await place()
  const found = await lookUp(booked, 'PENALOZA diaz').expect(200)
  expect(found.body).toMatchObject({
    booking_reference: booked.booking_reference,
    status: 'pending_payment',
    email: 'a***@a***',
    passengers: [{ ordinal: 1, name: 'A*** P***', type: 'adult' }],
    slices: [{ origin: 'BOG', destination: 'ADZ' }],
  })
  expect(found.text).not.toMatch(/Ana|Peñaloza|1990|AB1234|\+57|amount/)
})

test('a mailed code opens the rest, once, and only for this booking', async () => {
  const booked = await place()
  await lookUp(booked, 'Peñaloza Díaz', '/codes').expect(202)
  const mail = api.mails.at(-1)!
  expect(mail.to).toBe('ana@aeroflash.example')
  const code = /\d{6}/.exec(mail.text)![0]
  const opened = await lookUp(booked, 'Peñaloza Díaz', '/access-tokens', { code }).expect(201)
  const { access_token } = opened.body as { access_token: string }
  const whole = await guest.read({ ...booked, access_token })
  expect(whole).toMatchObject({ contact: { email: 'ana@aeroflash.example' } })
  await lookUp(booked, 'Peñaloza Díaz', '/access-tokens', { code }).expect(410)
})

test('five wrong codes and the right one is worth nothing', async () => {
  const booked = await place()
  await lookUp(booked, 'Peñaloza Díaz', '/codes').expect(202)
  const code = /\d{6}/.exec(api.mails.at(-1)!.text)![0]
  const wrong = code === '000000' ? '000001' : '000000'
  for (let tries = 0; tries < 5; tries++) {
    await forgetAttempts()
    await lookUp(booked, 'Peñaloza Díaz', '/access-tokens', { code: wrong }).expect(410)
  }
  await forgetAttempts()
  await lookUp(booked, 'Peñaloza Díaz', '/access-tokens', { code }).expect(410)
})

test('guessing is throttled by booking, whoever guesses, and says when to come back', async () => {
  await forgetAttempts()
  const booked = await place()
  const guesses = []
  for (let tries = 0; tries < 9; tries++) guesses.push(await lookUp(booked, `Guess${tries}`))
  const statuses = guesses.map(({ status }) => status)
  expect(statuses.slice(0, 8)).toEqual(Array<number>(8).fill(404))
  expect(statuses[8]).toBe(429)
  expect(Number(guesses[8]!.headers['retry-after'])).toBeGreaterThan(0)
  expect(guesses[8]!.body).toMatchObject({ type: '/problems/rate-limited' })
  await forgetAttempts()
})

test('a wrong name and a wrong reference are told alike', async () => {
  const booked = await place()
  const name = await lookUp(booked, 'Nobody').expect(404)
  const reference = await lookUp({ booking_reference: 'ZZZZZZ' }, 'Peñaloza Díaz').expect(404)
  const { request_id: _, ...first } = name.body as Record<string, unknown>
  const { request_id: __, ...second } = reference.body as Record<string, unknown>
  expect(first).toEqual(second)
})
