import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { openIdentity, password, register } from './test-support.ts'

const identity = await openIdentity()
const { http, url } = identity

const operator = new Client({ connectionString: url })
await operator.connect()
afterAll(() => operator.end())

const endConnections = async (state: 'any' | 'idle in transaction') => {
  const { rowCount } = await operator.query(
    `select pg_terminate_backend(pid)
       from pg_stat_activity
      where datname = current_database()
        and pid <> pg_backend_pid()
        and $1 in (state, 'any')`,
    [state],
  )
  return rowCount ?? 0
}

const signIn = (email: string) => http.post('/api/auth/sign-in/email').send({ email, password })

const signUp = (name: string) =>
  http.post('/api/auth/sign-up/email').send({ email: `${name}@example.com`, name, password })

test('connections that end in mid-flight cost a 503 each, and are replaced', async () => {
  const { email } = await register(identity)
  const crowd = { isOver: false }
  const answering = Promise.all(
    Array.from({ length: 15 }, (_, n) => [signIn(email), signUp(`outage-${n}`)]).flat(),
  ).finally(() => (crowd.isOver = true))
  while (!crowd.isOver) {
    await endConnections('any')
    await wait(20)
  }
  const refused = (await answering).filter(({ status }) => status >= 400)
  expect(refused.length).toBeGreaterThan(0)
  for (const { status, headers } of refused) {
    expect(status).toBe(503)
    expect(headers['retry-after']).toBe('1')
  }
  await signIn(email).expect(200)
})

test('a connection that ends while a sign-up computes its hash does not end the process', async () => {
  const answering = signUp('unlucky').then(({ status }) => status)
  const deadline = Date.now() + 5_000
  while ((await endConnections('idle in transaction')) === 0 && Date.now() < deadline);
  expect(await answering).toBe(503)
  await signUp('unlucky').expect(201)
})
