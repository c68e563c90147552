import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { orderFor, passengerOf } from './passenger.ts'
import type { Found, Offer, Placed } from './passenger.ts'
import { routeOf, routesOf } from './routes.ts'
import { newKey, startTestApi } from './test-api.ts'

const api = await startTestApi()
afterAll(() => api.close())
const routes = routesOf(api)

const open: Record<string, string> = {
  'GET /api/healthz': 'what watches us has no account',
  'GET /api/readyz': 'what watches us has no account',
  'GET /api/openapi.json': 'whoever wants to use the API reads it first',
  'GET /api/docs': 'whoever wants to use the API reads it first',
  'GET /api/docs/start.js': 'a part of that page',
  'GET /api/docs/{asset}': 'a part of that page',
  'POST /api/auth/sign-up/email': 'how one becomes somebody',
  'POST /api/auth/sign-in/email': 'how one becomes somebody',
  'POST /api/auth/sign-out': 'who has no session is signed out already',
  'GET /api/auth/get-session': 'how a page asks whether somebody is signed in',
  'POST /api/auth/request-password-reset': 'for who cannot sign in',
  'POST /api/auth/reset-password': 'for who cannot sign in; the mailed token says who',
  'GET /api/airports': 'a shop window',
  'GET /api/flights': 'a shop window',
  'GET /api/flights/days': 'a shop window',
  'GET /api/flights/promotion': 'a shop window',
  'GET /api/flights/status': 'who fetches somebody at the airport has no account',
  'GET /api/flights/{id}': 'a shop window',
  'GET /api/flights/{id}/status': 'who fetches somebody at the airport has no account',
  'GET /api/flights/{id}/status/events': 'who fetches somebody at the airport has no account',
  'GET /api/flights/{id}/seats': 'a shop window',
  'POST /api/seat-holds': 'guests choose seats too',
  'POST /api/seat-holds/{id}/extend': 'whoever knows the id of a hold has it',
  'DELETE /api/seat-holds/{id}': 'whoever knows the id of a hold has it',
  'POST /api/offers': 'guests ask for a price too',
  'GET /api/offers/shares': 'a shop window',
  'GET /api/offers/{id}': 'whoever knows the id of an offer has it; it names nobody',
  'POST /api/bookings': 'guests book too',
  'POST /api/bookings/lookup': 'reference and family name open a masked view, throttled',
  'POST /api/bookings/lookup/codes': 'mails a code to the address of the booking and no other',
  'POST /api/bookings/lookup/access-tokens': 'the mailed code says who',
}

/** These ask for a signature instead of a sign-in. */
const signed = ['POST /api/payments/webhooks/gateway']

/** An account, whatever its role; a guest's token is none. */
const ofAccounts = [
  'POST /api/auth/change-password',
  'POST /api/auth/revoke-sessions',
  'POST /api/auth/update-user',
  'GET /api/bookings',
]

const ofManagers = [
  'POST /api/operations/destination-taxes',
  'PUT /api/operations/destination-taxes/{id}',
  'POST /api/operations/promotions',
  'PUT /api/operations/promotions/{id}',
]
const ofAdmins = ['GET /api/accounts', 'PUT /api/accounts/{id}/role']
const isOfStaff = (route: string) => /^\w+ \/api\/(operations|reports|accounts)(\/|$)/.test(route)

/** A booking's own, by the id of the booking or of one of its quotes. */
const isOfOneBooking = (route: string) =>
  route.includes('/bookings/{id}') || /-quotes\/\{id\}\//.test(route)

const closed = routes.filter((route) => !(route in open))
const ofStaff = closed.filter(isOfStaff)
const ofOneBooking = closed.filter(isOfOneBooking)

type People = 'passenger' | 'stranger' | 'operator' | 'manager' | 'admin'
const tokens = {} as Record<People | 'guest' | 'other guest', string>
let byGuest: Owned
let byAccount: Owned
let elsewhere: Offer

type Owned = { placed: Placed; token: string; cancellation: string; change: string }

const flights: Found[] = []

const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id

const bookAndQuote = async (token?: string): Promise<Owned> => {
  const passenger = passengerOf(api, token)
  const [from, to] = flights as [Found, Found]
  const placed = await passenger.book(await passenger.offer([from.id]))
  await passenger.pay(placed).expect(201)
  const own = token ?? `Bearer ${placed.access_token}`
  const asOwner = passengerOf(api, own)
  const quotes = `/api/bookings/${placed.id}`
  const offer = await passenger.offer([to.id])
  const ask = { offer_id: offer.id, remove_flight_ids: [from.id] }
  const change = await asOwner.post(`${quotes}/change-quotes`, ask).expect(201)
  const cancellation = await asOwner.post(`${quotes}/cancellation-quotes`).expect(201)
  return { placed, token: own, cancellation: idOf(cancellation), change: idOf(change) }
}

beforeAll(async () => {
  flights.push(...(await passengerOf(api).search()))
  tokens.passenger = await api.signIn('passenger')
  tokens.stranger = await api.signIn('passenger')
  for (const role of ['operator', 'manager', 'admin'] as const)
    tokens[role] = await api.signIn(role)
  byGuest = await bookAndQuote()
  byAccount = await bookAndQuote(tokens.passenger)
  tokens.guest = byGuest.token
  tokens['other guest'] = (await bookAndQuote()).token
  elsewhere = await passengerOf(api).offer([flights[1]!.id])
})

const tax = {
  name_es: 'Impuesto de prueba',
  name_en: 'A test tax',
  jurisdiction: 'CO-SAP',
  trigger: 'arrival',
  amount: 100,
  valid_from: '2026-01-01',
}
const promotion = {
  name_es: 'Descuento de prueba',
  name_en: 'A test discount',
  valid_from: '2026-01-01T00:00:00Z',
  valid_to: '2026-02-01T00:00:00Z',
}

/** What each route would accept from somebody who may: so that a refusal is about who asks. */
const bodies: Record<string, () => object> = {
  'POST /api/auth/change-password': () => ({
    current_password: 'a long enough password',
    new_password: 'another long password',
  }),
  'POST /api/auth/update-user': () => ({ name: 'Ana Ruiz' }),
  'PUT /api/accounts/{id}/role': () => ({ role: 'admin' }),
  'POST /api/bookings/{id}/change-quotes': () => ({
    offer_id: elsewhere.id,
    remove_flight_ids: [flights[0]!.id],
  }),
  'POST /api/change-quotes/{id}/confirm': () => ({
    method: { type: 'card', token: 'tok_approved' },
  }),
  'POST /api/bookings/{id}/payments': () => ({ method: { type: 'card', token: 'tok_approved' } }),
  'POST /api/operations/flights/{id}/status-events': () => ({
    source: 'tower',
    source_seq: 1,
    status: 'delayed',
    delay_minutes: 30,
  }),
  'POST /api/operations/destination-taxes': () => ({ code: 'TEST_TAX', ...tax }),
  'PUT /api/operations/destination-taxes/{id}': () => tax,
  'POST /api/operations/promotions': () => ({ code: 'TEST10', ...promotion }),
  'PUT /api/operations/promotions/{id}': () => promotion,
  'PUT /api/operations/faults/{name}': () => ({ state: 'off' }),
}

const queries: Record<string, object> = {
  'GET /api/accounts': { email: 'ana@aeroflash.example' },
  'GET /api/reports/summary': { from: '2026-01-01', to: '2026-12-31' },
  'GET /api/flights': { origin: 'BOG', destination: 'ADZ', departure_date: '2026-12-24' },
}

type Asked = { route: string; as?: string | undefined; id?: string; body?: object }

const ask = ({ route, as, id = randomUUID(), body = bodies[route]?.() }: Asked) => {
  const { method, path } = routeOf(route)
  const asking = api.request[method.toLowerCase() as 'get'](path.replace(/\{\w+\}/, id))
    .set('Idempotency-Key', newKey())
    .set('If-Match', '"v1"')
    .query(queries[route] ?? {})
  if (as) asking.set('Authorization', as)
  return body ? asking.send(body) : asking
}

const problemOf = async (asked: Asked) => {
  const { status, body } = await ask(asked)
  return { status, type: (body as { type?: string } | null)?.type }
}

const unauthenticated = { status: 401, type: '/problems/unauthenticated' }
const forbidden = { status: 403, type: '/problems/forbidden' }
const notFound = { status: 404, type: '/problems/not-found' }

test('every route is open for a reason, or somebody in particular may use it', () => {
  const somebodys = [...signed, ...ofAccounts, ...ofStaff, ...ofOneBooking]
  expect(closed.toSorted()).toEqual(somebodys.toSorted())
  expect(routes).toEqual(expect.arrayContaining([...Object.keys(open), ...ofManagers, ...ofAdmins]))
})

test.each(closed)('%s asks who you are', async (route) => {
  expect(await problemOf({ route })).toEqual(unauthenticated)
})

test.each(Object.keys(open))('%s is there for everybody', async (route) => {
  expect([401, 403]).not.toContain((await ask({ route, body: {} })).status)
})

test.each(ofStaff)('%s is for staff, not for passengers and guests', async (route) => {
  expect(await problemOf({ route, as: tokens.passenger })).toEqual(forbidden)
  expect(await problemOf({ route, as: tokens.guest })).toEqual(forbidden)
})

test.each(ofManagers)('%s is for managers, not for operators', async (route) => {
  expect(await problemOf({ route, as: tokens.operator })).toEqual(forbidden)
})

test.each(ofAdmins)('%s is for admins alone', async (route) => {
  expect(await problemOf({ route, as: tokens.operator })).toEqual(forbidden)
  expect(await problemOf({ route, as: tokens.manager })).toEqual(forbidden)
})

test.each(ofStaff)('%s lets an admin in', async (route) => {
  expect([401, 403, 415, 422]).not.toContain((await ask({ route, as: tokens.admin })).status)
})

test.each(ofAccounts)('%s is for accounts, not for a guest with a booking', async (route) => {
  expect(await problemOf({ route, as: tokens.guest })).toEqual(forbidden)
})

const idIn = ({ placed, cancellation, change }: Owned, route: string) => {
  if (route.includes('/cancellation-quotes/{id}')) return cancellation
  return route.includes('/change-quotes/{id}') ? change : placed.id
}

test.each(ofOneBooking)("%s has nothing of somebody else's booking", async (route) => {
  for (const [owned, others] of [
    [byGuest, [tokens.passenger, tokens.stranger, tokens['other guest']]],
    [byAccount, [tokens.stranger, tokens.guest, tokens['other guest']]],
  ] as const)
    for (const as of others)
      expect(await problemOf({ route, as, id: idIn(owned, route) })).toEqual(notFound)
})

test.each(ofOneBooking)('%s does not tell whether there is such a booking', async (route) => {
  const told = async (id: string) => {
    const { body } = await ask({ route, as: tokens.stranger, id })
    const { request_id: _, ...rest } = body as Record<string, unknown>
    return rest
  }
  expect(await told(idIn(byGuest, route))).toEqual(await told(randomUUID()))
})

test("what others tried has changed nothing, and a booking's own token and account open it", async () => {
  for (const { placed, token } of [byGuest, byAccount]) {
    const { status, body } = await ask({
      route: 'GET /api/bookings/{id}',
      as: token,
      id: placed.id,
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'confirmed', version: 2, refunds: [] })
  }
})

test.each(ofOneBooking.filter((route) => !route.startsWith('GET')))(
  '%s knows the booking of who has it',
  async (route) => {
    for (const owned of [byGuest, byAccount])
      expect([401, 403, 404, 422]).not.toContain(
        (await ask({ route, as: owned.token, id: idIn(owned, route) })).status,
      )
  },
)

test('a token that was tampered with opens nothing, not even what is open', async () => {
  const forged = byGuest.token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
  const route = 'GET /api/bookings/{id}'
  expect(await problemOf({ route, as: forged, id: byGuest.placed.id })).toEqual(unauthenticated)
  expect(await problemOf({ route: 'GET /api/airports', as: forged })).toEqual(unauthenticated)
})

const listed = async (as: string) => {
  const { body } = await ask({ route: 'GET /api/bookings', as }).expect(200)
  return (body as { bookings: { id: string }[] }).bookings.map(({ id }) => id)
}

test("an account's bookings are its own", async () => {
  expect(await listed(tokens.passenger)).toEqual([byAccount.placed.id])
  expect(await listed(tokens.stranger)).toEqual([])
})

test('a booking made with the token of another is not opened by that token', async () => {
  const order = orderFor(await passengerOf(api).offer([flights[0]!.id]))
  const made = await passengerOf(api, tokens.guest).post('/api/bookings', order).expect(201)
  const { id, access_token } = made.body as Placed
  const route = 'GET /api/bookings/{id}'
  expect(await problemOf({ route, as: tokens.guest, id })).toEqual(notFound)
  expect((await ask({ route, as: `Bearer ${access_token}`, id })).status).toBe(200)
})
