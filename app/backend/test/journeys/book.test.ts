import { afterAll, beforeAll, expect, test } from 'vitest'
import { adult, child, dayIn, infant, orderFor, passengerOf } from '../passenger.ts'
import type { Passenger } from '../passenger.ts'
import { newKey, startTestApi } from '../test-api.ts'
import type { TestApi } from '../test-api.ts'

let api: TestApi
let guest: Passenger
beforeAll(async () => {
  api = await startTestApi()
  guest = passengerOf(api)
})
afterAll(() => api.close())

type Booking = {
  slices: { seats: { passenger: number; seat: string }[] }[]
  passengers: { type: string; document: object }[]
  lines: { amount: number; code: string }[]
  payments: { status: string; amount: number }[]
}

test('a family books seats, an infant and a pet, pays, and finds all of it in the booking', async () => {
  const [flight] = await guest.search()
  const seats = ['20A', '20B']
  const hold = await guest.post('/api/seat-holds', { flight_id: flight!.id, seats }).expect(201)
  const offer = await guest.offer([flight!.id], [adult, child, infant], {
    pets: 1,
    seat_hold_ids: [(hold.body as { id: string }).id],
  })
  const booked = await guest.book(offer)
  const paid = await guest.pay(booked).expect(201)
  expect(paid.body).toMatchObject({ status: 'captured', total: offer.total })

  const booking = await guest.read(booked)
  expect(booking).toMatchObject({ status: 'confirmed', version: 2, total: offer.total, pets: 1 })
  const { slices, passengers, lines, payments } = booking as unknown as Booking
  expect(slices[0]!.seats).toEqual([
    { passenger: 1, seat: '20A' },
    { passenger: 2, seat: '20B' },
  ])
  expect(passengers.map(({ type }) => type)).toEqual(['adult', 'child', 'infant_without_seat'])
  expect(passengers[0]!.document).toEqual({
    type: 'passport',
    issuing_country: 'CO',
    number_ends: '450',
  })
  expect(lines.reduce((sum, { amount }) => sum + amount, 0)).toBe(offer.total.amount)
  expect(payments).toMatchObject([{ status: 'captured', amount: offer.total.amount }])
})

test('who chooses no seat gets one, and a party sits together', async () => {
  const flight = (await guest.search('BOG', 'ADZ', 9))[0]!
  const booked = await guest.book(await guest.offer([flight.id], [adult, adult, adult]))
  const { slices } = (await guest.read(booked)) as unknown as Booking
  expect(slices[0]!.seats.map(({ seat }) => seat)).toEqual(['1A', '1B', '1C'])
})

test('a return journey is one booking of two flights', async () => {
  const there = (await guest.search('BOG', 'ADZ', 4))[0]!
  const back = (await guest.search('ADZ', 'BOG', 7))[0]!
  const booked = await guest.book(await guest.offer([there.id, back.id]))
  await guest.pay(booked).expect(201)
  const { slices } = (await guest.read(booked)) as unknown as Booking
  expect(slices.map(({ seats }) => seats.length)).toEqual([1, 1])
})

test('a return that departs before the arrival is refused where it stands', async () => {
  const there = (await guest.search('BOG', 'ADZ', 7))[0]!
  const back = (await guest.search('ADZ', 'BOG', 4))[0]!
  const slices = [there, back].map(({ id }) => ({ flight_id: id }))
  const refused = await guest.post('/api/offers', { slices, passengers: [adult] }).expect(422)
  expect(refused.body).toMatchObject({
    type: '/problems/validation-failed',
    errors: [{ pointer: '/slices/1/flight_id', code: 'departs_too_early' }],
  })
})

test('the price is frozen: another hash is refused with the true quote, and the offer sells once', async () => {
  const [flight] = await guest.search()
  const offer = await guest.offer([flight!.id])
  const wrong = await guest
    .post('/api/bookings', { ...orderFor(offer), quote_hash: 'f'.repeat(64) })
    .expect(409)
  expect(wrong.body).toMatchObject({
    type: '/problems/price-changed',
    quote: { quote_hash: offer.quote_hash, total: offer.total },
  })
  await guest.book(offer)
  const again = await guest.post('/api/bookings', orderFor(offer)).expect(409)
  expect(again.body).toMatchObject({ type: '/problems/offer-used' })
})

test('an offer whose time is over sells nothing', async () => {
  let minutesLater = 0
  const late = await startTestApi({ clock: () => new Date(Date.now() + minutesLater * 60_000) })
  try {
    const buyer = passengerOf(late)
    const [flight] = await buyer.search()
    const offer = await buyer.offer([flight!.id])
    minutesLater = 21
    const refused = await buyer.post('/api/bookings', orderFor(offer)).expect(410)
    expect(refused.body).toMatchObject({ type: '/problems/offer-expired' })
    await late.request.get(`/api/offers/${offer.id}`).expect(410)
  } finally {
    await late.close()
  }
})

test('the passengers must be those of the offer', async () => {
  const [flight] = await guest.search()
  const order = orderFor(await guest.offer([flight!.id], [adult, child]))
  const [first, second] = order.passengers
  const fewer = await guest.post('/api/bookings', { ...order, passengers: [first] }).expect(422)
  expect(fewer.body).toMatchObject({ errors: [{ pointer: '/passengers' }] })
  const older = { ...second, born_on: '1980-01-01' }
  const other = await guest
    .post('/api/bookings', { ...order, passengers: [first, older] })
    .expect(422)
  expect(other.body).toMatchObject({ errors: [{ pointer: '/passengers/1/born_on' }] })
})

test('infants need laps, children need company, pets need an owner', async () => {
  const [flight] = await guest.search()
  const slices = [{ flight_id: flight!.id }]
  const ask = (passengers: object[], pets = 0) =>
    guest.post('/api/offers', { slices, passengers, pets }).expect(422)
  expect((await ask([adult, infant, infant])).body).toMatchObject({
    type: '/problems/infant-without-adult',
  })
  expect((await ask([infant])).body).toMatchObject({ type: '/problems/infant-without-adult' })
  expect((await ask([child])).body).toMatchObject({ errors: [{ code: 'adult_required' }] })
  expect((await ask([adult], 2)).body).toMatchObject({ errors: [{ code: 'one_pet_an_adult' }] })
  const unborn = { born_on: dayIn(300) }
  expect((await ask([adult, unborn])).body).toMatchObject({ errors: [{ code: 'not_born_yet' }] })
})

test('a flight carries six pets and not one more; the seventh is told so and loses nothing else', async () => {
  const flight = (await guest.search('BOG', 'ADZ', 8))[0]!
  const offers = await Promise.all(
    Array.from({ length: 4 }, () => guest.offer([flight.id], [adult, adult], { pets: 2 })),
  )
  const answers = await Promise.all(
    offers.map((offer) => guest.post('/api/bookings', orderFor(offer))),
  )
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
    201, 201, 201, 409,
  ])
  const refused = answers.find(({ status }) => status === 409)
  expect(refused?.body).toMatchObject({ type: '/problems/capacity-pets', left: 0 })
  const left = (await guest.search('BOG', 'ADZ', 8))[0]!.seats_left
  expect(left).toBe(flight.seats_left - 6)
})

test('a key books once: the same request again gets the same answer, another one is refused', async () => {
  const [flight] = await guest.search()
  const order = orderFor(await guest.offer([flight!.id]))
  const key = newKey()
  const first = await guest.post('/api/bookings', order, key).expect(201)
  const again = await guest.post('/api/bookings', order, key).expect(201)
  expect(again.text).toBe(first.text)
  expect(again.headers['idempotency-replayed']).toBe('true')
  const other = { ...order, contact: { email: 'other@aeroflash.example' } }
  const reused = await guest.post('/api/bookings', other, key).expect(422)
  expect(reused.body).toMatchObject({ type: '/problems/idempotency-key-reused' })
})

test('a member finds the bookings of the account, page by page, newest first', async () => {
  const member = passengerOf(api, await api.signIn('passenger'))
  const [flight] = await guest.search()
  const booked = []
  for (let i = 0; i < 3; i++) booked.push(await member.book(await member.offer([flight!.id])))
  expect(booked[0]!.access_token).toBeUndefined()
  const page = async (query: object) =>
    (await member.get('/api/bookings').query(query).expect(200)).body as {
      bookings: { id: string }[]
      meta: { after: string | null }
    }
  const first = await page({ limit: 2 })
  const second = await page({ limit: 2, after: first.meta.after ?? '' })
  expect([...first.bookings, ...second.bookings].map(({ id }) => id)).toEqual(
    booked.map(({ id }) => id).toReversed(),
  )
  expect(second.meta.after).toBeNull()
})
