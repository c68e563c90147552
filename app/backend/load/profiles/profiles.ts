import type { Burst } from '../drive/arrivals.ts'
import { oneOf } from './shop.ts'
import type { Journey, Passenger } from './shop.ts'
import * as step from './steps.ts'

export type Profile = { about: string; rate: number; burst?: Burst; journey: Journey }

/** As Acme Air's: sign in, a quarter look after their profile, search, book, list, a quarter cancel. */
const mix: Journey = async (passenger) => {
  const { chance, think } = passenger
  const token = await step.signIn(passenger)
  if (token !== undefined && chance() < 0.25) {
    await think()
    await step.updateProfile(passenger, token)
  }
  await think()
  const flight = await searchAround(passenger)
  if (!flight) return
  await think()
  const booking = await step.book(passenger, flight, token)
  if (!booking) return
  await think()
  await step.pay(passenger, booking)
  if (token !== undefined) await step.listBookings(passenger, token)
  await think()
  if (chance() < 0.25) await step.cancel(passenger, booking)
  else await step.readBooking(passenger, booking)
}

const searchAround = async (passenger: Passenger) => {
  let flight = await step.search(passenger)
  while (passenger.chance() < 0.5) {
    await passenger.think()
    flight = await step.search(passenger)
  }
  if (flight && passenger.chance() < 0.6) {
    await passenger.think()
    await step.lookAtSeats(passenger, flight)
  }
  return flight
}

/** Looks around, and buys nothing. */
const browse: Journey = async (passenger) => {
  const flight = await searchAround(passenger)
  if (!flight) return
  await passenger.think()
  await step.look(passenger, flight)
}

/** A guest who knows what they want. */
const book: Journey = async (passenger) => {
  const flight = await step.search(passenger)
  if (!flight) return
  const booking = await step.book(passenger, flight)
  if (!booking) return
  await passenger.think()
  await step.pay(passenger, booking)
  await step.readBooking(passenger, booking)
}

/** Everybody wants the same day, at once: the flight sells out, and who is late is told so. */
const rush: Journey = (passenger) => {
  const [wanted = oneOf(passenger.shop.searches, passenger.chance)] = passenger.shop.searches
  return book({ ...passenger, shop: { ...passenger.shop, searches: [wanted] } })
}

export const profiles = {
  mix: { about: 'Acme Air’s mix', rate: 5, journey: mix },
  browse: { about: 'who only looks', rate: 10, journey: browse },
  book: { about: 'guests who book at once', rate: 5, journey: book },
  rush: {
    about: 'everybody for one day, in bursts',
    rate: 10,
    burst: { factor: 6, seconds: 5, everySeconds: 20 },
    journey: rush,
  },
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof profiles
