import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { onTestFinished } from 'vitest'
import { createPaymentGateway } from './payment-gateway.ts'
import type { PaymentGatewayOptions } from './payment-gateway.ts'

type App = { fetch: (request: Request) => Response | Promise<Response> }

/** Serves the app on a free port of this machine until the test ends. */
export const serveForTest = async (app: App): Promise<string> => {
  const http = createServer(getRequestListener((request) => app.fetch(request)))
  onTestFinished(() => {
    http.close()
    http.closeAllConnections()
  })
  await once(http.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
}

export type Received = { body: string; signature: string; at: number }

/** A merchant that hears webhooks, answering each try with the next of these statuses, then 200. */
export const hearWebhooks = async (...statuses: number[]) => {
  const heard: Received[] = []
  const app = new Hono().post('/webhook', async (c) => {
    const signature = c.req.header('AeroFlash-Gateway-Signature') ?? ''
    heard.push({ body: await c.req.text(), signature, at: Date.now() })
    return c.body(null, (statuses.shift() ?? 200) as 200)
  })
  return { heard, url: `${await serveForTest(app)}/webhook` }
}

export const apiKey = 'a key for the gateway'
export const webhookSecret = 'a secret for webhooks'

/** A gateway on a free port, quick to settle and to give up hanging. */
export const openGateway = async (options: Partial<PaymentGatewayOptions> = {}) => {
  const settings = { apiKey, webhookSecret, settleAfterMs: 20, hangMs: 50, ...options }
  const gateway = createPaymentGateway(settings)
  onTestFinished(gateway.close)
  const url = await serveForTest(gateway.app)

  const ask = async (method: string, path: string, body?: object, key = apiKey) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const init = body ? { body: JSON.stringify(body) } : {}
    const response = await fetch(`${url}${path}`, { method, headers, ...init })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const charge = (token: string, id = randomUUID() as string, amount = 250_000) =>
    ask('PUT', `/charges/${id}`, { amount, currency: 'COP', token })
  return { ...gateway, url, ask, charge }
}
