import { openAsking, untilDue } from './asking.ts'
import type { Answer, Asked } from './asking.ts'

/**
 * Passengers who come whether or not the ones before were served: two hundred requests a second, a fifth of
 * them of bookings that go through to their payment. Ends by itself with an error when it cannot keep up.
 */
export type MixedLoad = Awaited<ReturnType<typeof startMixedLoad>>

/** Units of each kind a second, and the requests of each. */
const mix = {
  search: { perSecond: 144, requests: 1 },
  look: { perSecond: 8, requests: 2 },
  book: { perSecond: 10, requests: 4 },
} as const

export const REQUESTS_PER_SECOND = Object.values(mix).reduce(
  (sum, { perSecond, requests }) => sum + perSecond * requests,
  0,
)

const IN_FLIGHT_MAX = 600
const SECONDS_MAX = 1_800
const DAYS = 14
const routes = ['BOG-ADZ', 'BOG-MDE', 'MDE-CTG', 'BOG-CTG', 'BOG-CLO'] as const
const born_on = '1990-05-17'

export const startMixedLoad = async (siteUrl: string, perSecond = REQUESTS_PER_SECOND) => {
  if (!/^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(siteUrl))
    throw new Error('Load is for this machine alone.')
  const { ask, samples, close } = openAsking(siteUrl)
  const flights = await findFlights(ask)
  const share = perSecond / REQUESTS_PER_SECOND
  let inFlight = 0
  let isOver = false
  let brokenBy: Error | undefined
  const bookings = { begun: 0, paid: 0, lost: 0 }

  const units = {
    search: async (due: number) => {
      const path = searchPath(anyOf(routes), 1 + Math.floor(Math.random() * DAYS))
      await ask({ method: 'GET', path, due, from: anyAddress() })
    },
    look: async (due: number) => {
      const [path, from] = [`/api/flights/${anyOf(flights)}`, anyAddress()]
      await ask({ method: 'GET', path, due, from })
      await ask({ method: 'GET', path: `${path}/seats`, due: performance.now(), from })
    },
    book: async (due: number) => {
      bookings.begun += 1
      const end = await book(ask, anyOf(flights), due)
      bookings[end] += 1
    },
  }

  // Poisson: what comes does not know of what came.
  const arrivals = async (kind: keyof typeof mix) => {
    let due = performance.now()
    const until = due + SECONDS_MAX * 1000
    while (!isOver && due < until) {
      due += (-Math.log(1 - Math.random()) / (mix[kind].perSecond * share)) * 1000
      await untilDue(due)
      if (inFlight > IN_FLIGHT_MAX) brokenBy ??= new Error(`${inFlight} are waiting: too slow`)
      if (brokenBy) return
      inFlight += 1
      void units[kind](due)
        .catch((error: Error) => (brokenBy ??= error))
        .finally(() => (inFlight -= 1))
    }
    if (!isOver) brokenBy ??= new Error(`The load was to last ${SECONDS_MAX} s at most.`)
  }
  const running = Promise.all([arrivals('search'), arrivals('look'), arrivals('book')])

  return {
    samples,
    flights,
    bookings,
    /** Throws when it could not keep up: from then on nobody asks, and figures say nothing. */
    check: () => {
      if (brokenBy) throw brokenBy
    },
    /** Comes back when all that was begun has ended; throws when it could not keep up. */
    stop: async () => {
      isOver = true
      await running
      while (inFlight > 0) await untilDue(performance.now() + 20)
      close()
      if (brokenBy) throw brokenBy
    },
  }
}

type Ask = (asked: Asked) => Promise<Answer | undefined>

const book = async (ask: Ask, flight_id: string, due: number) => {
  const from = anyAddress()
  const post = (path: string, body: object, token?: string) =>
    ask({ method: 'POST', path, body, due: performance.now(), from, ...(token && { token }) })
  const slices = [{ flight_id }]
  const asked = { slices, passengers: [{ born_on }] }
  const offer = await ask({ method: 'POST', path: '/api/offers', body: asked, due, from })
  if (offer?.status !== 201) return 'lost'
  const placed = await post('/api/bookings', orderFor(offer))
  if (placed?.status !== 201) return 'lost'
  const { id, access_token } = placed.body as { id: string; access_token: string }
  const card = { method: { type: 'card', token: 'tok_approved' } }
  const paid = await post(`/api/bookings/${id}/payments`, card, access_token)
  const path = `/api/bookings/${id}`
  await ask({ method: 'GET', path, due: performance.now(), from, token: access_token })
  return paid?.status === 201 || paid?.status === 202 ? 'paid' : 'lost'
}

const orderFor = ({ body }: Answer) => ({
  offer_id: body.id,
  quote_hash: body.quote_hash,
  contact: { email: 'ana@example.com' },
  passengers: [
    { given_name: 'Ana', family_name: 'Peñaloza', born_on, document: { number: 'AB123456' } },
  ],
})

const searchPath = (route: string, days: number) => {
  const [origin, destination] = route.split('-')
  const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  return `/api/flights?origin=${origin}&destination=${destination}&departure_date=${day}`
}

const findFlights = async (ask: Ask) => {
  const searches = routes.flatMap((route) =>
    [5, 9, 13, 17, 21, 25, 29, 33].map((days) => searchPath(route, days)),
  )
  const ids: string[] = []
  for (const path of searches) {
    const found = await ask({ method: 'GET', path, due: performance.now(), from: anyAddress() })
    ids.push(...((found?.body.flights ?? []) as { id: string }[]).map(({ id }) => id))
  }
  if (ids.length < 20) throw new Error(`Only ${ids.length} flights to sell: is it seeded?`)
  return ids
}

const anyOf = <Item>(items: readonly Item[]) => items[Math.floor(Math.random() * items.length)]!

// The addresses that RFC 2544 keeps for measuring.
const anyAddress = () => `198.18.${anyByte()}.${anyByte()}`
const anyByte = () => Math.floor(Math.random() * 256)
