import { oneOf } from './shop.ts'
import type { Passenger } from './shop.ts'

type Found = { id: string }
export type Booking = { id: string; token: string }

const born_on = '1990-05-17'

/** Searches; answers a flight, or nothing where none has room. */
export const search = async ({ client, chance, shop }: Passenger): Promise<Found | undefined> => {
  const asked = oneOf(shop.searches, chance)
  const { body } = await client.ask({
    route: 'GET /api/flights',
    path: `/api/flights?${new URLSearchParams(asked).toString()}`,
    expect: [200],
  })
  const flights = (body.flights ?? []) as Found[]
  return flights.length > 0 ? oneOf(flights, chance) : undefined
}

export const look = ({ client }: Passenger, flight: Found) =>
  client.ask({
    route: 'GET /api/flights/:id',
    path: `/api/flights/${flight.id}`,
    expect: [200],
  })

export const lookAtSeats = ({ client }: Passenger, flight: Found) =>
  client.ask({
    route: 'GET /api/flights/:id/seats',
    path: `/api/flights/${flight.id}/seats`,
    expect: [200],
  })

/** An offer and a booking of it; nothing when others were faster. */
export const book = async (
  { client, think }: Passenger,
  flight: Found,
  token?: string,
): Promise<Booking | undefined> => {
  const offer = await client.ask({
    route: 'POST /api/offers',
    body: { slices: [{ flight_id: flight.id }], passengers: [{ born_on }] },
    token,
    key: true,
    expect: [201, 409],
  })
  if (offer.status !== 201) return undefined
  await think()
  const placed = await client.ask({
    route: 'POST /api/bookings',
    body: orderFor(offer.body),
    token,
    key: true,
    expect: [201, 409],
  })
  if (placed.status !== 201) return undefined
  return { id: placed.body.id as string, token: token ?? (placed.body.access_token as string) }
}

const orderFor = ({ id, quote_hash }: Record<string, unknown>) => ({
  offer_id: id,
  quote_hash,
  contact: { email: 'load@aeroflash.example' },
  passengers: [
    { given_name: 'Ana', family_name: 'Peñaloza', born_on, document: { number: 'AB123456' } },
  ],
})

/** Of a hundred cards two are declined and two settle later. */
export const pay = ({ client, chance }: Passenger, { id, token }: Booking) => {
  const luck = chance()
  const card = luck < 0.02 ? 'tok_declined' : luck < 0.04 ? 'tok_processing' : 'tok_approved'
  return client.ask({
    route: 'POST /api/bookings/:id/payments',
    path: `/api/bookings/${id}/payments`,
    body: { method: { type: 'card', token: card } },
    token,
    key: true,
    expect: [201, 202, 402],
  })
}

export const readBooking = ({ client }: Passenger, { id, token }: Booking) =>
  client.ask({
    route: 'GET /api/bookings/:id',
    path: `/api/bookings/${id}`,
    token,
    expect: [200],
  })

export const cancel = async ({ client, think }: Passenger, { id, token }: Booking) => {
  const quote = await client.ask({
    route: 'POST /api/bookings/:id/cancellation-quotes',
    path: `/api/bookings/${id}/cancellation-quotes`,
    token,
    key: true,
    // While a payment is being settled, and once a declined one has run out, there is nothing to cancel.
    expect: [201, 409],
  })
  if (quote.status !== 201) return
  await think()
  await client.ask({
    route: 'POST /api/cancellation-quotes/:id/confirm',
    path: `/api/cancellation-quotes/${String(quote.body.id)}/confirm`,
    token,
    key: true,
    expect: [200, 201, 409],
  })
}

/** Signs in with an account of the shop; answers the session, an older one where the limit says so. */
export const signIn = async ({ client, chance, shop, maySignIn }: Passenger) => {
  if (shop.accounts.length === 0) return undefined
  const { email, password, token } = oneOf(shop.accounts, chance)
  if (!maySignIn()) return token
  const { status, body } = await client.ask({
    route: 'POST /api/auth/sign-in/email',
    body: { email, password },
    expect: [200, 429],
  })
  return status === 200 ? (body.token as string) : token
}

export const updateProfile = ({ client }: Passenger, token: string) =>
  client.ask({
    route: 'POST /api/auth/update-user',
    body: { name: 'Load Driver' },
    token,
    expect: [200],
  })

export const listBookings = ({ client }: Passenger, token: string) =>
  client.ask({ route: 'GET /api/bookings', token, expect: [200] })
