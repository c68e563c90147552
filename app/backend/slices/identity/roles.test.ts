import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { roles } from '../../kernel/principal.ts'
import { createAccount } from './commands/create-account.ts'
import { forgetExpired } from './commands/forget-expired.ts'
import { openIdentity, password, register } from './test-support.ts'

const identity = await openIdentity()
const { http, db, pool, url } = identity

const tokenOf = async (email: string) =>
  (await http.post('/api/auth/sign-in/email').send({ email, password })).body.token as string

const signedInAs = async (role: (typeof roles)[number]) => {
  const email = `${role}-${randomUUID()}@example.com`
  const { id } = await createAccount({ db }, { email, password, name: 'Staff', role })
  return { id, email, authorization: `Bearer ${await tokenOf(email)}` }
}

const putRole = (authorization: string, id: string, role: string) =>
  http.put(`/api/accounts/${id}/role`).set({ authorization }).send({ role })

test.each(roles)('a seeded %s signs in as what it is', async (role) => {
  const { id, email, authorization } = await signedInAs(role)
  const { body } = await http.get('/api/whoami').set({ authorization })
  expect(body).toEqual({ kind: 'account', id, email, role })
})

test('seeding an account again leaves it as it is', async () => {
  const seed = { email: 'Demo@example.com', password, name: 'Demo', role: 'operator' as const }
  const first = await createAccount({ db }, seed)
  const again = await createAccount(
    { db },
    { ...seed, password: 'another password', role: 'admin' },
  )
  expect(again).toEqual(first)
  const both = { ...seed, email: 'both@example.com' }
  const [one, other] = await Promise.all([createAccount({ db }, both), createAccount({ db }, both)])
  expect(one).toEqual(other)
  expect(await tokenOf('demo@example.com')).toBeTruthy()
})

test('an admin gives a role: it is kept who did it, and the sessions end', async () => {
  const admin = await signedInAs('admin')
  const bob = await register(identity)
  const found = await http
    .get('/api/accounts')
    .query({ email: bob.email.toUpperCase() })
    .set({ authorization: admin.authorization })
  expect(found.body).toEqual({ accounts: [bob.account] })

  const answer = await putRole(admin.authorization, bob.account.id, 'operator')
  expect(answer.body).toEqual({ account: { ...bob.account, role: 'operator' } })
  expect((await http.get('/api/whoami').set({ authorization: bob.bearer })).status).toBe(401)
  expect(await tokenOf(bob.email)).toBeTruthy()

  await putRole(admin.authorization, bob.account.id, 'operator').expect(200)
  const { rows } = await pool.query(
    'select actor, from_role, to_role from identity.role_changes where account_id = $1',
    [bob.account.id],
  )
  expect(rows).toEqual([
    { actor: `admin:${admin.id}`, from_role: 'passenger', to_role: 'operator' },
  ])
})

test('only an admin gives roles, and never to themselves', async () => {
  const bob = await register(identity)
  for (const role of ['passenger', 'operator', 'manager'] as const) {
    const { authorization } = await signedInAs(role)
    expect((await putRole(authorization, bob.account.id, 'admin')).status).toBe(403)
    const query = http.get('/api/accounts').query({ email: bob.email })
    expect((await query.set({ authorization })).status).toBe(403)
  }
  expect((await http.put(`/api/accounts/${bob.account.id}/role`).send({})).status).toBe(401)

  const admin = await signedInAs('admin')
  expect((await putRole(admin.authorization, admin.id, 'passenger')).status).toBe(403)
  expect((await putRole(admin.authorization, randomUUID(), 'manager')).status).toBe(404)
  expect((await putRole(admin.authorization, bob.account.id, 'king')).status).toBe(422)
  expect((await putRole(admin.authorization, 'x', 'admin')).status).toBe(422)
})

const script = fileURLToPath(new URL('../../grant-role.ts', import.meta.url))
const grant = (...given: string[]) =>
  promisify(execFile)(process.execPath, [script, ...given], { env: { DATABASE_URL: url } })

test('the first admin is made from the command line', async () => {
  const { email, bearer: authorization } = await register(identity)
  expect((await grant(email.toUpperCase(), 'admin')).stdout).toBe(`${email}: passenger → admin\n`)
  expect((await http.get('/api/whoami').set({ authorization })).status).toBe(401)
  const again = { authorization: `Bearer ${await tokenOf(email)}` }
  expect((await http.get('/api/whoami').set(again)).body.role).toBe('admin')
})

test.each([
  [['nobody@example.com', 'admin'], /No account has the e-mail nobody@example\.com/],
  [['nobody@example.com', 'king'], /king is not a role\. Roles are passenger, operator/],
  [[], /Usage: /],
])('grant-role %j says what is wrong', async (given, said) => {
  await expect(grant(...given)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(said),
  })
})

test('what has expired is forgotten, and nothing else', async () => {
  const kept = await register(identity)
  const gone = await register(identity)
  await pool.query(
    `update identity.sessions set expires_at = now() - interval '1 s' where user_id = $1`,
    [gone.account.id],
  )
  await forgetExpired({ db, clock: () => new Date() })
  const { rows } = await pool.query(
    'select user_id from identity.sessions where user_id = any ($1)',
    [[kept.account.id, gone.account.id]],
  )
  expect(rows).toEqual([{ user_id: kept.account.id }])
})
