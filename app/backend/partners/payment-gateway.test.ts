import { randomUUID } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { apiKey, hearWebhooks, openGateway, webhookSecret } from './test-support.ts'
import { signWebhook } from './webhook-signature.ts'

test('a request without the key, or with a wrong one, is refused', async () => {
  const { url, ask } = await openGateway()
  const silent = await fetch(`${url}/charges/${randomUUID()}`)

  expect(silent.status).toBe(401)
  expect(silent.headers.get('content-type')).toBe('application/problem+json')
  expect(await ask('GET', `/charges/${randomUUID()}`, undefined, 'wrong')).toMatchObject({
    status: 401,
    body: { type: 'unauthorized', title: 'Unauthorized', status: 401 },
  })
  expect((await ask('GET', '/nowhere', undefined, 'wrong')).status).toBe(401)
  expect((await ask('GET', '/nowhere')).body).toMatchObject({ type: 'no-such-route' })
})

test('an approved card is captured at once and can be looked up', async () => {
  const { ask, charge, charges } = await openGateway()
  const { status, body } = await charge('tok_approved')

  expect(status).toBe(201)
  expect(body).toEqual({
    id: expect.any(String),
    status: 'captured',
    amount: 250_000,
    currency: 'COP',
    decline_code: null,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  })
  expect(await ask('GET', `/charges/${String(body.id)}`)).toEqual({ status: 200, body })
  expect(charges()).toEqual([body])
})

test('a declined card says why', async () => {
  const { charge } = await openGateway()

  expect(await charge('tok_declined')).toMatchObject({
    status: 201,
    body: { status: 'declined', decline_code: 'insufficient_funds' },
  })
})

test('the same charge asked for again, even at the same time, is made once', async () => {
  const { charge, charges } = await openGateway()
  const id = randomUUID()
  const answers = await Promise.all([1, 2, 3].map(() => charge('tok_approved', id)))

  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 201])
  expect(charges()).toHaveLength(1)
})

test('an id cannot be used for another charge', async () => {
  const { charge } = await openGateway()
  const id = randomUUID()
  await charge('tok_approved', id)

  const mismatch = { status: 422, body: { type: 'charge-mismatch' } }
  expect(await charge('tok_approved', id, 1)).toMatchObject(mismatch)
  expect(await charge('tok_declined', id)).toMatchObject(mismatch)
})

test('an unknown charge is a 404 and an unknown token a 422', async () => {
  const { ask, charge } = await openGateway()

  expect(await ask('GET', `/charges/${randomUUID()}`)).toMatchObject({
    status: 404,
    body: { type: 'no-such-charge' },
  })
  for (const token of ['tok_unheard_of', 'constructor'])
    expect(await charge(token)).toMatchObject({ status: 422, body: { type: 'unknown-token' } })
})

test.each([
  { amount: 0 },
  { amount: -5 },
  { amount: 1.5 },
  { amount: '10' },
  { currency: 'PESOS' },
  { token: '' },
  { surprise: true },
])('a charge with %o is refused', async (wrong) => {
  const { ask, charges } = await openGateway()
  const order = { amount: 10, currency: 'COP', token: 'tok_approved', ...wrong }

  expect(await ask('PUT', `/charges/${randomUUID()}`, order)).toMatchObject({
    status: 422,
    body: { type: 'invalid-request' },
  })
  expect(charges()).toEqual([])
})

test('an id that is no uuid and a body that is no JSON are refused', async () => {
  const { url, ask } = await openGateway()
  const headers = { authorization: `Bearer ${apiKey}` }
  const path = `${url}/charges/${randomUUID()}`
  const garbled = await fetch(path, { method: 'PUT', headers, body: '{' })

  expect((await ask('GET', '/charges/12')).body).toMatchObject({ type: 'invalid-request' })
  expect(garbled.status).toBe(400)
  expect(await garbled.json()).toMatchObject({ type: 'invalid-json' })
})

test.each([
  ['tok_processing', 'captured', null],
  ['tok_processing_declined', 'declined', 'insufficient_funds'],
])('%s settles later as %s and says so by a signed webhook', async (token, status, code) => {
  const { heard, url } = await hearWebhooks()
  const { ask, charge } = await openGateway({ webhookUrl: url })
  const { status: answered, body } = await charge(token)

  expect(answered).toBe(202)
  expect(body).toMatchObject({ status: 'processing', decline_code: null })
  await vi.waitFor(() => expect(heard).toHaveLength(1))

  const settled = (await ask('GET', `/charges/${String(body.id)}`)).body
  expect(settled).toMatchObject({ status, decline_code: code })
  const [{ body: raw, signature } = { body: '', signature: '' }] = heard
  expect(JSON.parse(raw)).toEqual({
    id: expect.stringMatching(/^evt_[0-9a-f-]{36}$/),
    type: `charge.${status}`,
    created_at: expect.any(String),
    data: { charge: settled },
  })
  const seconds = Number(/^t=(\d+),v1=[0-9a-f]{64}$/.exec(signature)?.[1])
  expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(5)
  expect(signWebhook(webhookSecret, raw, new Date(seconds * 1000))).toBe(signature)
})

test('a webhook address set later is the one that is told', async () => {
  const { heard, url } = await hearWebhooks()
  const { charge, setWebhookUrl } = await openGateway()
  setWebhookUrl(url)
  await charge('tok_processing')

  await vi.waitFor(() => expect(heard).toHaveLength(1))
})
