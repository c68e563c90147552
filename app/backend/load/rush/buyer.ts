import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Answer, Request } from './asking.ts'

export type Shop = {
  flightId: string
  /** Comes back with a definite answer. */
  ask: (request: Request) => Promise<Answer>
  paysAnew: () => void
}

/** How it ended for a buyer; `odd` is an answer that should not have been given. */
export type Ending = { how: 'sold' | 'refused' } | { how: 'odd'; what: string }

type Placed = { id: string; access_token: string }

const born_on = '1990-05-17'
const PAYMENTS_MAX = 60

/** Wants one seat: an offer, a booking, a payment. Who has a seat never gives it up. */
export const buy = async (shop: Shop): Promise<Ending> => {
  const offer = await post(shop, '/api/offers', {
    slices: [{ flight_id: shop.flightId }],
    passengers: [{ born_on }],
  })
  if (offer.status !== 201) return endOf('offer', offer)
  const placed = await post(shop, '/api/bookings', orderFor(offer))
  if (placed.status !== 201) return endOf('booking', placed)
  return pay(shop, placed.body as Placed)
}

const post = (shop: Shop, path: string, body: object, token?: string) =>
  shop.ask({ method: 'POST', path, body, key: randomUUID(), ...(token && { token }) })

// The only refusal there is: others were faster.
const endOf = (step: string, answer: Answer): Ending =>
  answer.status === 409 && answer.body.type === '/problems/sold-out'
    ? { how: 'refused' }
    : { how: 'odd', what: `${step}: ${answer.status} ${JSON.stringify(answer.body)}` }

const orderFor = ({ body }: Answer) => ({
  offer_id: body.id,
  quote_hash: body.quote_hash,
  contact: { email: 'ana@aeroflash.example' },
  passengers: [
    { given_name: 'Ana', family_name: 'Peñaloza', born_on, document: { number: 'AB123456' } },
  ],
})

const pay = async (shop: Shop, { id, access_token: token }: Placed): Promise<Ending> => {
  const path = `/api/bookings/${id}`
  const body = { method: { type: 'card', token: 'tok_approved' } }
  for (let payments = 1; ; payments++) {
    const paid = await post(shop, `${path}/payments`, body, token)
    if (paid.status === 201) return { how: 'sold' }
    if (!isUnsettled(paid) || payments === PAYMENTS_MAX) return endOf('payment', paid)
    await wait(1000)
    const booking = await shop.ask({ method: 'GET', path, token })
    if (booking.body.status === 'confirmed') return { how: 'sold' }
    shop.paysAnew()
  }
}

// A crash between writing a payment down and telling the gateway: the completer sees to it that this
// charge can never happen, its key is answered "not received", and another payment is in order.
const isUnsettled = ({ status, body }: Answer) =>
  status === 202 ||
  (status === 402 && body.decline_code === 'not_received') ||
  body.type === '/problems/payment-pending'
