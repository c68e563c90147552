import { expect, onTestFinished, test, vi } from 'vitest'
import type { Charge } from './charges.ts'
import { hearWebhooks, serveForTest } from './test-support.ts'
import { createWaits } from './waits.ts'
import { createWebhookSender } from './webhook-sender.ts'

const charge: Charge = {
  id: '0198f1a0-0000-7000-8000-000000000001',
  status: 'captured',
  amount: 100,
  currency: 'COP',
  decline_code: null,
  created_at: '2030-01-01T10:00:00.000Z',
  updated_at: '2030-01-01T10:00:00.000Z',
}

const senderTo = (currentUrl: () => string | undefined, firstRetryMs = 2) => {
  const waits = createWaits()
  onTestFinished(waits.stop)
  const log = vi.fn<(line: object) => void>()
  const needs = {
    secret: 'a webhook secret',
    currentUrl,
    waits,
    log,
    firstRetryMs,
    tryTimeoutMs: 100,
  }
  return { send: createWebhookSender(needs), waits, log }
}

test('an event is sent again, the same event, until the merchant takes it', async () => {
  const { heard, url } = await hearWebhooks(500, 302, 404)
  const { send, log } = senderTo(() => url)
  send(charge)

  await vi.waitFor(() =>
    expect(log).toHaveBeenLastCalledWith(expect.objectContaining({ delivered: true, tries: 4 })),
  )
  expect(new Set(heard.map(({ body }) => body)).size).toBe(1)
})

test('each wait is twice the one before', async () => {
  const { heard, url } = await hearWebhooks(500, 500, 500)
  senderTo(() => url, 40).send(charge)

  await vi.waitFor(() => expect(heard).toHaveLength(4), 2_000)
  const waited = heard.slice(1).map(({ at }, i) => at - (heard[i]?.at ?? 0))
  expect(waited[0]).toBeGreaterThanOrEqual(38)
  expect(waited[1]).toBeGreaterThanOrEqual(78)
  expect(waited[2]).toBeGreaterThanOrEqual(158)
})

test('after eight tries it gives up', async () => {
  const { heard, url } = await hearWebhooks(...Array<number>(20).fill(503))
  const { send, log } = senderTo(() => url, 1)
  send(charge)

  await vi.waitFor(() => expect(log).toHaveBeenCalledTimes(8), 2_000)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(heard).toHaveLength(8)
})

test('an address that nobody answers, or that comes late, is tried again', async () => {
  const { heard, url } = await hearWebhooks()
  const urls = [undefined, 'http://127.0.0.1:1/nobody']
  senderTo(() => (urls.length > 0 ? urls.shift() : url)).send(charge)

  await vi.waitFor(() => expect(heard).toHaveLength(1))
})

test('a merchant who keeps a try waiting is tried again', async () => {
  const { heard, url } = await hearWebhooks()
  const silent = await serveForTest({ fetch: () => new Promise<Response>(() => {}) })
  const urls = [silent]
  senderTo(() => urls.shift() ?? url).send(charge)

  await vi.waitFor(() => expect(heard).toHaveLength(1))
})

test('nothing is sent again once it was stopped', async () => {
  const { heard, url } = await hearWebhooks(500)
  const { send, waits } = senderTo(() => url, 200)
  send(charge)

  await vi.waitFor(() => expect(heard).toHaveLength(1))
  waits.stop()
  await new Promise((resolve) => setTimeout(resolve, 250))
  expect(heard).toHaveLength(1)
})
