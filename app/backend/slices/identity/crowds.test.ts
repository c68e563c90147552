import { expect, test } from 'vitest'
import { Problem } from '../../kernel/problems.ts'
import { hashPassword } from './password.ts'
import { openIdentity, password, register } from './test-support.ts'
import { createTurns } from './turns.ts'

test('after its attempts an address is told when to come back; others are not', async () => {
  const { http } = await openIdentity({
    attempts: { max: 3, seconds: 60 },
    CLIENT_ADDRESS_HEADER: 'x-real-ip',
  })
  const attempt = (address: string) =>
    http
      .post('/api/auth/sign-in/email')
      .set({ 'x-real-ip': address })
      .send({ email: 'nobody@example.com', password })

  for (const _ of [1, 2, 3]) expect((await attempt('192.0.2.1')).status).toBe(401)
  const refused = await attempt('192.0.2.1')
  expect(refused.status).toBe(429)
  expect(refused.headers['content-type']).toBe('application/problem+json')
  expect(refused.body.type).toBe('/problems/rate-limited')
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
  expect((await attempt('192.0.2.2')).status).toBe(401)
  // What a client claims stands before what our proxy appends.
  expect((await attempt('198.51.100.7, 192.0.2.1')).status).toBe(429)
})

test('without a proxy the address is the socket’s, whatever headers say', async () => {
  const { http } = await openIdentity({ attempts: { max: 2, seconds: 60 } })
  const attempt = (n: number) =>
    http
      .post('/api/auth/request-password-reset')
      .set({
        'x-forwarded-for': `192.0.2.${n}`,
        'x-real-ip': `192.0.2.${n}`,
        'x-aeroflash-client-address': `192.0.2.${n}`,
      })
      .send({ email: 'nobody@example.com' })
  expect((await attempt(1)).status).toBe(202)
  expect((await attempt(2)).status).toBe(429)
})

test('while twenty sign in at once, others are answered without waiting for a hash', async () => {
  const identity = await openIdentity()
  const { http } = identity
  const { email } = await register(identity)
  const hashMilliseconds = await timed(() => hashPassword(password))

  const crowd = { isOver: false }
  const answering = Promise.all(
    Array.from({ length: 20 }, () =>
      http.post('/api/auth/sign-in/email').send({ email, password }).expect(200),
    ),
  ).finally(() => (crowd.isOver = true))
  const waits: number[] = []
  while (!crowd.isOver) waits.push(await timed(() => http.get('/api/plain').expect(200)))
  await answering

  // On the event loop, each would wait for one hash: 25 ms instead of 0.8 here.
  const median = waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)]
  expect(median).toBeLessThan(hashMilliseconds / 3)
})

const timed = async (work: () => PromiseLike<unknown>) => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

test('turns come in order; beyond those who wait, one is told to come back', async () => {
  const inTurn = createTurns({ width: 1, waitingMax: 2 })
  const done: number[] = []
  const work = (n: number) => inTurn(async () => void done.push(n))
  const refused = await Promise.allSettled([work(1), work(2), work(3), work(4)])
  expect(done).toEqual([1, 2, 3])
  const [, , , last] = refused
  expect(last?.status === 'rejected' && last.reason).toBeInstanceOf(Problem)
  await work(5)
  expect(done).toEqual([1, 2, 3, 5])
})

test('a turn that fails gives way to the next', async () => {
  const inTurn = createTurns({ width: 1, waitingMax: 2 })
  const fails = inTurn(async () => {
    throw new Error('no')
  })
  const next = inTurn(async () => 'yes')
  await expect(fails).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
