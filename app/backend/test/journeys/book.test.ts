import { afterAll, beforeAll, expect, test } from 'vitest'
import { adult, child, infant, passengerOf } from '../passenger.ts'
import { startTestApi } from '../test-api.ts'
import type { TestApi } from '../test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

test('a guest searches, gets a price, books, pays, and holds a confirmed booking with seats', async () => {
  const guest = passengerOf(api)
  const [flight] = await guest.search()
  const offer = await guest.offer([flight!.id], [adult, child, infant], { pets: 1 })
  const booked = await guest.book(offer)
  const paid = await guest.pay(booked)
  expect(paid.status).toBe(201)
  const booking = await guest.read(booked)
  expect(booking.status).toBe('confirmed')
  expect(booking.total).toEqual(offer.total)
})
