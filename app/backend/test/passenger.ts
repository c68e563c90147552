import { newKey } from './test-api.ts'
import type { TestApi } from './test-api.ts'

/** A day `days` from now in Colombia, as YYYY-MM-DD. */
export const dayIn = (days: number) =>
  new Date(Date.now() + days * 86_400_000 - 5 * 3_600_000).toISOString().slice(0, 10)

export const adult = { born_on: '1990-05-17' }
export const child = { born_on: dayIn(-8 * 366) }
export const infant = { born_on: dayIn(-300) }

type Asked = { born_on: string; resident_of?: string }

export type Found = {
  id: string
  seats_left: number
  lowest_fare: { amount: number }
  departs_at: string
  flight_number: string
}

export type Offer = {
  id: string
  quote_hash: string
  total: { amount: number; currency: string }
  lines: { kind: string; code: string; amount: number; passenger: number | null }[]
  passengers: { born_on: string }[]
}

export type Placed = {
  id: string
  booking_reference: string
  access_token: string
  total: { amount: number }
}

/** What a passenger does at the front door, step by step. */
export const passengerOf = ({ request }: TestApi, authorization?: string) => {
  const post = (path: string, body?: object, key = newKey()) => {
    const asking = request.post(path).set('Idempotency-Key', key)
    if (authorization) asking.set('Authorization', authorization)
    return body === undefined ? asking : asking.send(body)
  }

  const get = (path: string) => {
    const asking = request.get(path)
    return authorization ? asking.set('Authorization', authorization) : asking
  }

  const search = async (origin = 'BOG', destination = 'ADZ', days = 10): Promise<Found[]> => {
    const answer = await request
      .get('/api/flights')
      .query({ origin, destination, departure_date: dayIn(days) })
      .expect(200)
    return (answer.body as { flights: Found[] }).flights
  }

  const offer = async (
    flightIds: string[],
    passengers: Asked[] = [adult],
    more: object = {},
  ): Promise<Offer> => {
    const slices = flightIds.map((flight_id) => ({ flight_id }))
    const answer = await post('/api/offers', { slices, passengers, ...more }).expect(201)
    return answer.body as Offer
  }

  const book = async (of: Offer, key = newKey()): Promise<Placed> =>
    (await post('/api/bookings', orderFor(of), key).expect(201)).body as Placed

  const pay = (placed: Placed, token = 'tok_approved', key = newKey()) => {
    const asking = request
      .post(`/api/bookings/${placed.id}/payments`)
      .set('Idempotency-Key', key)
      .set('Authorization', authorization ?? `Bearer ${placed.access_token}`)
    return asking.send({ method: { type: 'card', token } })
  }

  const read = async (placed: Placed) =>
    (
      await request
        .get(`/api/bookings/${placed.id}`)
        .set('Authorization', authorization ?? `Bearer ${placed.access_token}`)
        .expect(200)
    ).body as Record<string, unknown> & { status: string; total: { amount: number } }

  return { get, post, search, offer, book, pay, read }
}

export type Passenger = ReturnType<typeof passengerOf>

const names = ['Ana', 'Bruno', 'Carla', 'Daniel', 'Elena', 'Fabio', 'Gloria', 'Hugo', 'Inés']

export const orderFor = (offer: Offer) => ({
  offer_id: offer.id,
  quote_hash: offer.quote_hash,
  contact: { email: 'ana@aeroflash.example', phone: '+57 300 123 4567' },
  passengers: offer.passengers.map(({ born_on }, i) => ({
    given_name: names[i],
    family_name: 'Peñaloza Díaz',
    born_on,
    document: { type: 'passport', number: `AB12345${i}`, issuing_country: 'CO' },
  })),
})
