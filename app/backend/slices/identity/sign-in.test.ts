import { expect, test } from 'vitest'
import { cookieOf, openIdentity, password, register } from './test-support.ts'

const identity = await openIdentity()
const { http } = identity

const signIn = (email: string, with_password = password) =>
  http.post('/api/auth/sign-in/email').send({ email, password: with_password })

const whoami = (headers: Record<string, string>) => http.get('/api/whoami').set(headers)

test('who registers is signed in, by cookie and by bearer token', async () => {
  const answer = await http
    .post('/api/auth/sign-up/email')
    .send({ email: 'Ana@Example.com', name: ' Ana Ruiz 🛫 ', password })
  expect(answer.status).toBe(201)
  expect(answer.body).toEqual({
    account: {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email: 'ana@example.com',
      name: 'Ana Ruiz 🛫',
      role: 'passenger',
    },
    token: expect.stringContaining('.'),
  })
  expect(answer.headers['set-auth-token']).toBe(answer.body.token)
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.headers['set-cookie']).toEqual([
    expect.stringMatching(
      /^aeroflash\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    ),
  ])

  const { id, email, role } = answer.body.account
  const principal = { kind: 'account', id, email, role }
  expect((await whoami({ cookie: cookieOf(answer) })).body).toEqual(principal)
  expect((await whoami({ authorization: `Bearer ${answer.body.token}` })).body).toEqual(principal)
})

test('over https the cookie is for https alone', async () => {
  const secure = await openIdentity({ PUBLIC_URL: 'https://aeroflash.example' })
  const { cookie } = await register(secure)
  expect(cookie).toMatch(/^__Secure-aeroflash\.session_token=/)
  await secure.http.get('/api/whoami').set({ cookie }).expect(200)
  const answer = await secure.http
    .post('/api/auth/sign-in/email')
    .send({ email: (await register(secure)).email, password })
  expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(/; Secure/)])
})

test('a wrong password and an unknown e-mail get the same answer', async () => {
  const { email } = await register(identity)
  const [wrong, unknown] = await Promise.all([
    signIn(email, 'not the password'),
    signIn('nobody@example.com'),
  ])
  expect(wrong.status).toBe(401)
  expect(wrong.headers['content-type']).toBe('application/problem+json')
  expect(wrong.body.type).toBe('/problems/unauthenticated')
  const { request_id: _, ...one } = wrong.body
  const { request_id: __, ...other } = unknown.body
  expect(other).toEqual(one)
  expect(unknown.status).toBe(401)
  expect(Object.keys(unknown.headers).toSorted()).toEqual(Object.keys(wrong.headers).toSorted())
})

test('nobody registers as an admin, nor with a field that we do not know', async () => {
  for (const more of [{ role: 'admin' }, { email_verified: true }, { image: 'x' }]) {
    const answer = await http
      .post('/api/auth/sign-up/email')
      .send({ email: 'eve@example.com', name: 'Eve', password, ...more })
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toMatchObject([{ pointer: `/${Object.keys(more)[0]}` }])
  }
})

test.each([
  ['/email', { email: 'no address' }],
  ['/password', { password: 'too short' }],
  ['/password', { password: 'x'.repeat(129) }],
  ['/name', { name: ' ' }],
  ['/name', { name: 'a\u0000b' }],
])('a registration with a bad %s is told so', async (pointer, wrong) => {
  const answer = await http
    .post('/api/auth/sign-up/email')
    .send({ email: 'bob@example.com', name: 'Bob', password, ...wrong })
  expect(answer.status).toBe(422)
  expect(answer.body.errors).toMatchObject([{ pointer }])
})

test('an address registers once, even when two try at the same moment', async () => {
  const twice = { email: 'twice@example.com', name: 'Two', password }
  const answers = await Promise.all([
    http.post('/api/auth/sign-up/email').send(twice),
    http.post('/api/auth/sign-up/email').send(twice),
  ])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422])
  const again = await http
    .post('/api/auth/sign-up/email')
    .send({ ...twice, email: 'TWICE@example.com' })
  expect(again.body).toMatchObject({ status: 422, errors: [{ pointer: '/email' }] })
})

test('signing out ends the session at once, for the cookie and the bearer token', async () => {
  for (const by of ['cookie', 'authorization'] as const) {
    const { cookie, bearer: authorization } = await register(identity)
    const shown = by === 'cookie' ? { cookie } : { authorization }
    const answer = await http.post('/api/auth/sign-out').set(shown)
    expect(answer.status).toBe(204)
    expect(answer.headers['set-cookie']).toContainEqual(
      expect.stringMatching(/^aeroflash\.session_token=; Max-Age=0/),
    )
    expect((await whoami({ cookie })).status).toBe(401)
    expect((await whoami({ authorization })).status).toBe(401)
  }
})

test('who is not signed in may sign out', async () => {
  await http.post('/api/auth/sign-out').expect(204)
})

test('signing out everywhere ends every session of the account and no other', async () => {
  const other = await register(identity)
  const { email, cookie, bearer } = await register(identity)
  const second = (await signIn(email)).body.token as string
  await http.post('/api/auth/revoke-sessions').set({ authorization: bearer }).expect(204)
  expect((await whoami({ cookie })).status).toBe(401)
  expect((await whoami({ authorization: `Bearer ${second}` })).status).toBe(401)
  expect((await whoami({ authorization: other.bearer })).status).toBe(200)
})

test('the session says who is signed in, and never shows a page its token', async () => {
  const { account, cookie, bearer } = await register(identity)
  for (const shown of [{ cookie }, { authorization: bearer }]) {
    const answer = await http.get('/api/auth/get-session').set(shown).expect(200)
    expect(answer.body).toEqual({ account })
    expect(answer.headers['set-auth-token']).toBeUndefined()
  }
  expect((await http.get('/api/auth/get-session')).body).toEqual({ account: null })
})

test('a session in use lives on: asking for it a day later makes it seven days again', async () => {
  const { cookie, account } = await register(identity)
  const age = (interval: string) =>
    identity.pool.query(
      `update identity.sessions set expires_at = now() + $1::interval where user_id = $2`,
      [interval, account.id],
    )
  await age('5 days')
  const answer = await http.get('/api/auth/get-session').set({ cookie })
  expect(cookieOf(answer)).toBe(cookie)
  const { rows } = await identity.pool.query(
    `select expires_at > now() + interval '6 days 23 hours' as renewed
       from identity.sessions where user_id = $1`,
    [account.id],
  )
  expect(rows).toEqual([{ renewed: true }])

  await age('-1 second')
  expect((await whoami({ cookie })).status).toBe(401)
})

test('a new password asks for the old one, and leaves only the session that it begins', async () => {
  const { email, cookie, bearer } = await register(identity)
  const change = (current_password: string) =>
    http
      .post('/api/auth/change-password')
      .set({ authorization: bearer })
      .send({ current_password, new_password: 'another battery horse' })

  const refused = await change('not the password')
  expect(refused.body).toMatchObject({ status: 422, errors: [{ pointer: '/current_password' }] })

  const changed = await change(password)
  expect(changed.status).toBe(200)
  expect((await whoami({ cookie })).status).toBe(401)
  expect((await whoami({ authorization: bearer })).status).toBe(401)
  expect((await whoami({ authorization: `Bearer ${changed.body.token}` })).status).toBe(200)
  expect((await signIn(email)).status).toBe(401)
  expect((await signIn(email, 'another battery horse')).status).toBe(200)
})

test('an account changes its name and nothing else', async () => {
  const { account, cookie } = await register(identity)
  const update = (to: object) => http.post('/api/auth/update-user').set({ cookie }).send(to)
  expect((await update({ name: 'Ana María' })).body).toEqual({
    account: { ...account, name: 'Ana María' },
  })
  expect((await http.get('/api/auth/get-session').set({ cookie })).body.account.name).toBe(
    'Ana María',
  )
  expect((await update({ name: 'Ana', role: 'admin' })).status).toBe(422)
})

test.each(['change-password', 'revoke-sessions', 'update-user'])(
  '%s asks who you are',
  async (path) => {
    expect((await http.post(`/api/auth/${path}`).send({})).status).toBe(401)
  },
)

test.each([
  'GET /api/auth/ok',
  'GET /api/auth/list-sessions',
  'GET /api/auth/reset-password/x?callbackURL=/',
  'POST /api/auth/sign-in/social',
  'POST /api/auth/delete-user',
  'POST /api/auth/change-email',
  'GET /api/auth/sign-in/email',
])('%s does not reach better-auth', async (route) => {
  const { bearer } = await register(identity)
  const [method, path] = route.split(' ') as ['GET' | 'POST', string]
  const call = method === 'GET' ? http.get(path) : http.post(path).send({})
  expect((await call.set({ authorization: bearer })).status).toBe(404)
})
