import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { newReference } from '../../slices/bookings/reference.ts'
import { orderFor } from './offers.ts'
import type { Offered } from './offers.ts'
import { recordRequest } from './recording.ts'
import type { Step } from './recording.ts'
import { createReplay } from './replay.ts'
import { requestOf } from './wire.ts'

/** The request that books an offer, under a key of its own. */
export const bookingRequest = (offer: Offered, token: string) =>
  requestOf({ method: 'POST', path: '/api/bookings', token, key: randomUUID() }, orderFor(offer))

/** Books once through the API, and makes of the statements that it sent a booking without it. */
export const recordBooking = async (
  environment: Record<string, string>,
  token: string,
  offer: Offered,
) => {
  const key = randomUUID()
  const headers = { Authorization: token, 'Idempotency-Key': key }
  const steps = await recordRequest(environment, (url) =>
    fetch(`${url}/api/bookings`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(orderFor(offer)),
    }),
  )
  const replay = createReplay({
    steps,
    given: { key, offer: offer.id, flight: offer.flight_id, reference: referenceIn(steps) },
    learn: {
      'seats.create_hold': ([hold]) => ({ hold: hold!.id, until: hold!.expires_at }),
      'seats.take_free': ([unit]) => ({ seat: `"unit_code":"${String(unit!.unit_code)}"` }),
      'bookings.insert': ([booking]) => ({ booking: booking!.id, placed_at: booking!.placed_at }),
    },
  })
  const book = (pool: Pool, { id, flight_id }: Offered) =>
    replay(pool, { key: randomUUID(), offer: id, flight: flight_id, reference: newReference() })
  // Once in a few runs a reference is taken; the API would draw another, too.
  return (pool: Pool, offer: Offered) => book(pool, offer).catch(() => book(pool, offer))
}

// The API draws it; the statement that writes it begins with it.
const referenceIn = (steps: Step[]) =>
  steps.flatMap((step) =>
    step.does === 'query' && step.statement.name === 'bookings.insert' ? step.statement.values : [],
  )[0]
