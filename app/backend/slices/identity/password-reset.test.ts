import { expect, test } from 'vitest'
import { openIdentity, password, register, site } from './test-support.ts'

const identity = await openIdentity()
const { http, mails, pool } = identity

const ask = (email: string) => http.post('/api/auth/request-password-reset').send({ email })

const reset = (token: string, new_password = 'another battery horse') =>
  http.post('/api/auth/reset-password').send({ token, new_password })

const signIn = (email: string, with_password: string) =>
  http.post('/api/auth/sign-in/email').send({ email, password: with_password })

const tokenFrom = (text: string) =>
  new URL(/^http\S+$/m.exec(text)?.[0] ?? '').searchParams.get('token') ?? ''

test('a forgotten password is set anew by mail, once, and ends every session', async () => {
  const { email, cookie, bearer } = await register(identity)
  await ask(email.toUpperCase()).expect(202)
  const mail = mails.at(-1)
  expect(mail?.to).toBe(email)
  expect(mail?.text).toContain(`${site}/reset-password?token=`)
  expect(mail?.text).toMatch(/una contraseña nueva/)
  expect(mail?.text).toMatch(/a new password/)

  const token = tokenFrom(mail?.text ?? '')
  expect((await reset(token, 'short')).body.errors).toMatchObject([{ pointer: '/new_password' }])
  expect((await reset(token)).status).toBe(204)
  expect((await http.get('/api/whoami').set({ cookie })).status).toBe(401)
  expect((await http.get('/api/whoami').set({ authorization: bearer })).status).toBe(401)
  expect((await signIn(email, password)).status).toBe(401)
  expect((await signIn(email, 'another battery horse')).status).toBe(200)

  const again = await reset(token)
  expect(again.status).toBe(422)
  expect(again.body.errors).toMatchObject([{ pointer: '/token' }])
})

test('who has no account gets the same answer and no mail', async () => {
  const before = mails.length
  const [known, unknown] = await Promise.all([
    ask((await register(identity)).email),
    ask('nobody@example.com'),
  ])
  expect([known.status, unknown.status]).toEqual([202, 202])
  expect(unknown.text).toBe(known.text)
  expect(mails.length).toBe(before + 1)
})

test('a link that has expired, or was never sent, changes nothing', async () => {
  const { email } = await register(identity)
  await ask(email)
  await pool.query(`update identity.verifications set expires_at = now() - interval '1 second'`)
  for (const token of [tokenFrom(mails.at(-1)?.text ?? ''), 'never-sent'])
    expect((await reset(token)).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/token' }],
    })
  expect((await signIn(email, password)).status).toBe(200)
})

test('the database does not hold what the link holds', async () => {
  await ask((await register(identity)).email)
  const { rows } = await pool.query('select identifier from identity.verifications')
  expect(JSON.stringify(rows)).not.toContain(tokenFrom(mails.at(-1)?.text ?? ''))
})
