import { randomUUID } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { hearWebhooks, openGateway } from './test-support.ts'

const passed = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

test('a timed out charge has moved the money, though its caller is kept waiting', async () => {
  const { ask, charge, charges, close } = await openGateway({ hangMs: 60_000 })
  const id = randomUUID()
  let answered = false
  const answer = charge('tok_timeout', id).finally(() => (answered = true))

  await vi.waitFor(() => expect(charges()).toMatchObject([{ id, status: 'captured' }]))
  const again = await charge('tok_timeout', id)
  const lookedUp = await ask('GET', `/charges/${id}`)
  expect(answered).toBe(false)
  expect(again).toMatchObject({ status: 200, body: { id, status: 'captured' } })
  expect(lookedUp.body).toEqual(again.body)
  close()
  expect((await answer).status).toBe(201)
})

test('a timed out charge is told by webhook after twice the settling time, once', async () => {
  const { heard, url } = await hearWebhooks()
  const { charge } = await openGateway({ webhookUrl: url, settleAfterMs: 60, hangMs: 1 })
  const asked = Date.now()
  await charge('tok_timeout')

  await vi.waitFor(() => expect(heard).toHaveLength(1))
  expect((heard[0]?.at ?? 0) - asked).toBeGreaterThanOrEqual(118)
  await passed(80)
  expect(heard.map(({ body }) => JSON.parse(body).type)).toEqual(['charge.captured'])
})

test('a lost charge never happened', async () => {
  const { ask, charge, charges } = await openGateway({ hangMs: 60 })
  const id = randomUUID()
  const asked = Date.now()

  expect(await charge('tok_lost', id)).toMatchObject({
    status: 504,
    body: { type: 'request-lost' },
  })
  expect(Date.now() - asked).toBeGreaterThanOrEqual(58)
  expect((await ask('GET', `/charges/${id}`)).status).toBe(404)
  expect(charges()).toEqual([])
  expect((await charge('tok_approved', id)).status).toBe(201)
})

test('a charge cancelled before it arrives is refused when it does', async () => {
  const { ask, charge } = await openGateway()
  const id = randomUUID()

  expect(await ask('POST', `/charges/${id}/cancellation`)).toMatchObject({
    status: 200,
    body: { id, status: 'cancelled', amount: 0, currency: 'XXX', decline_code: null },
  })
  expect(await charge('tok_approved', id)).toMatchObject({
    status: 409,
    body: { type: 'charge-cancelled' },
  })
  expect((await ask('GET', `/charges/${id}`)).body).toMatchObject({ status: 'cancelled' })
})

test('a charge cancelled while processing does not settle', async () => {
  const { heard, url } = await hearWebhooks()
  const { ask, charge } = await openGateway({ webhookUrl: url, settleAfterMs: 200 })
  const id = randomUUID()
  const asked = [await charge('tok_processing', id), await charge('tok_processing', id)]
  expect(asked.map(({ status }) => status)).toEqual([202, 202])
  const cancelled = await ask('POST', `/charges/${id}/cancellation`)

  expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled', amount: 250_000 } })
  await passed(250)
  expect((await ask('GET', `/charges/${id}`)).body).toEqual(cancelled.body)
  expect((await ask('POST', `/charges/${id}/cancellation`)).body).toEqual(cancelled.body)
  expect((await charge('tok_processing', id)).status).toBe(409)
  expect(heard).toEqual([])
})

test.each(['tok_approved', 'tok_declined'])(
  'a charge that is done is not undone: %s',
  async (token) => {
    const { ask, charge } = await openGateway()
    const id = randomUUID()
    const { body } = await charge(token, id)

    expect(await ask('POST', `/charges/${id}/cancellation`)).toEqual({ status: 200, body })
  },
)
