import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { issueBookingToken } from './booking-token.ts'
import { signSessionToken } from './session-token.ts'
import { openIdentity, register, secret, site } from './test-support.ts'

const identity = await openIdentity()
const { http, pool } = identity
const ana = await register(identity)

const withBearer = (token: string) =>
  http.get('/api/whoami').set({ authorization: `Bearer ${token}` })

const withCookie = (token: string) =>
  http.get('/api/whoami').set({ cookie: `aeroflash.session_token=${encodeURIComponent(token)}` })

const [unsigned = ''] = ana.token.split('.')

test('what we sign is what better-auth signs', () => {
  expect(signSessionToken(secret, unsigned)).toBe(ana.token)
})

test.each([
  ['without its signature', unsigned],
  ['with an empty signature', `${unsigned}.`],
  ['signed with another key', signSessionToken('another key that is long enough too', unsigned)],
  ['with the signature of another token', `x${ana.token}`],
  ['cut short', ana.token.slice(0, -1)],
  ['cut in half', ana.token.slice(0, 40)],
  ['with more at its end', `${ana.token}A`],
  ['with an unpadded signature', ana.token.replace(/=+$/, '')],
  ['that is well signed but of no session', signSessionToken(secret, 'z'.repeat(32))],
  ['that is a single dot', '.'],
  ["with a quote for PostgreSQL's sake", signSessionToken(secret, "' or true --")],
])('a token %s is refused', async (_, token) => {
  const answer = await withBearer(token)
  expect(answer.status).toBe(401)
  expect(answer.headers['content-type']).toBe('application/problem+json')
  expect(answer.body.detail).toBe('This token is not valid or has expired.')
  // A browser cannot drop its cookie, so a bad one is only nobody's.
  expect((await withCookie(token)).status).toBe(401)
  await http
    .get('/api/plain')
    .set({ cookie: `aeroflash.session_token=${encodeURIComponent(token)}` })
    .expect(200)
})

test.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'bearer'])(
  'the header Authorization: %j is refused, good cookie or not',
  async (authorization) => {
    const answer = await http.get('/api/plain').set({ authorization, cookie: ana.cookie })
    expect(answer.status).toBe(401)
  },
)

test('the scheme is written in any case', async () => {
  await http
    .get('/api/whoami')
    .set({ authorization: `bEARER ${ana.token}` })
    .expect(200)
})

test('a session that is deleted, or has run out, is nobody’s from the next request on', async () => {
  const bob = await register(identity)
  const eve = await register(identity)
  await withBearer(bob.token).expect(200)
  await pool.query('delete from identity.sessions where user_id = $1', [bob.account.id])
  await pool.query(
    `update identity.sessions set expires_at = now() - interval '1 s' where user_id = $1`,
    [eve.account.id],
  )
  for (const { token } of [bob, eve]) {
    await withBearer(token).expect(401)
    await withCookie(token).expect(401)
  }
})

test.each([
  ['another site', { origin: 'https://evil.example' }],
  ['our name on another port', { origin: 'http://localhost:8081' }],
  ['an opaque origin', { origin: 'null' }],
  ['a cross-site request without an Origin', { 'sec-fetch-site': 'cross-site' }],
])('the cookie does nothing for %s', async (_, headers) => {
  const { cookie } = ana
  const answer = await http.post('/api/whoami').set({ cookie, ...headers })
  expect(answer.status).toBe(403)
  expect(answer.body.type).toBe('/problems/forbidden')
  await http
    .get('/api/whoami')
    .set({ cookie, ...headers })
    .expect(200)
})

test('the cookie works for our site, and a bearer token from wherever it is held', async () => {
  const { cookie, bearer: authorization } = ana
  await http.post('/api/whoami').set({ cookie }).expect(200)
  await http
    .post('/api/whoami')
    .set({ cookie, origin: site, 'sec-fetch-site': 'same-origin' })
    .expect(200)
  await http
    .post('/api/whoami')
    .set({ authorization, origin: 'https://partner.example', 'sec-fetch-site': 'cross-site' })
    .expect(200)
})

test('another site signs nobody in', async () => {
  const { email } = ana
  const answer = await http
    .post('/api/auth/sign-in/email')
    .set({ origin: 'https://evil.example' })
    .send({ email, password: 'correct horse battery' })
  expect(answer.status).toBe(403)
})

test('a booking’s token makes a guest of that booking until it expires', async () => {
  const booking_id = randomUUID()
  const soon = issueBookingToken(secret, { booking_id, expires_at: new Date(Date.now() + 60_000) })
  expect((await withBearer(soon)).body).toEqual({ kind: 'guest', booking_id })
  expect((await http.get('/api/accounts').set({ authorization: `Bearer ${soon}` })).status).toBe(
    403,
  )

  const past = issueBookingToken(secret, { booking_id, expires_at: new Date(Date.now() - 1) })
  await withBearer(past).expect(401)
  await withBearer(`${soon.slice(0, -1)}${soon.endsWith('A') ? 'B' : 'A'}`).expect(401)
  await withCookie(soon).expect(401)
})

test('a guest’s token goes nowhere near better-auth', async () => {
  const token = issueBookingToken(secret, {
    booking_id: randomUUID(),
    expires_at: new Date(Date.now() + 60_000),
  })
  const authorization = `Bearer ${token}`
  const answer = await http.get('/api/auth/get-session').set({ authorization })
  expect(answer.body).toEqual({ account: null })
})
