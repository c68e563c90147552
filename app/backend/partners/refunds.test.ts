import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { openGateway } from './test-support.ts'

const openWithCharge = async (token: string, amount = 1_000) => {
  const gateway = await openGateway({ hangMs: 1, settleAfterMs: 60_000 })
  const charge_id = randomUUID()
  await gateway.charge(token, charge_id, amount)
  const refund = (amount: number, id = randomUUID() as string, charge = charge_id as string) =>
    gateway.ask('PUT', `/refunds/${id}`, { charge_id: charge, amount })
  return { ...gateway, charge_id, refund }
}

test('a refund succeeds at once and can be looked up', async () => {
  const { ask, charge_id, refund, refunds } = await openWithCharge('tok_approved')
  const id = randomUUID()
  const body = { id, charge_id, amount: 400, currency: 'COP', status: 'succeeded' }

  expect(await refund(400, id)).toEqual({ status: 201, body })
  expect(await ask('GET', `/refunds/${id}`)).toEqual({ status: 200, body })
  expect(refunds()).toEqual([body])
})

test('the same refund asked for again is made once, and another under its id is refused', async () => {
  const { refund, refunds } = await openWithCharge('tok_approved')
  const id = randomUUID()
  const first = await refund(1_000, id)

  expect(await refund(1_000, id)).toEqual({ status: 200, body: first.body })
  expect(await refund(999, id)).toMatchObject({ status: 422, body: { type: 'refund-mismatch' } })
  expect(refunds()).toHaveLength(1)
})

test('refunds never give back more than was captured, not even all at once', async () => {
  const { refund, refunds } = await openWithCharge('tok_approved')
  const answers = await Promise.all([400, 400, 400].map((amount) => refund(amount)))

  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 409])
  expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
    type: 'refund-exceeds-captured',
  })
  expect((await refund(200)).status).toBe(201)
  expect(refunds().reduce((sum, { amount }) => sum + amount, 0)).toBe(1_000)
})

test('a timed out charge can be refunded: its money moved', async () => {
  const { refund } = await openWithCharge('tok_timeout')

  expect((await refund(1_000)).status).toBe(201)
})

test.each(['tok_declined', 'tok_processing'])('nothing goes back for %s', async (token) => {
  const { refund } = await openWithCharge(token)

  expect(await refund(1)).toMatchObject({ status: 409, body: { type: 'charge-not-captured' } })
})

test('a refund of an unknown charge, and an unknown refund, are 404s', async () => {
  const { ask, refund } = await openWithCharge('tok_approved')

  expect(await refund(1, randomUUID(), randomUUID())).toMatchObject({
    status: 404,
    body: { type: 'no-such-charge' },
  })
  expect(await ask('GET', `/refunds/${randomUUID()}`)).toMatchObject({
    status: 404,
    body: { type: 'no-such-refund' },
  })
})

test('a refund of nothing, or of less, is refused', async () => {
  const { refund, refunds } = await openWithCharge('tok_approved')
  const answers = await Promise.all([0, -1, 0.5].map((amount) => refund(amount)))

  expect(answers.map(({ status }) => status)).toEqual([422, 422, 422])
  expect(refunds()).toEqual([])
})
