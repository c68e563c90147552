import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { onTestFinished } from 'vitest'
import { createPaymentGateway } from '../partners/payment-gateway.ts'
import { listening, nodeFlags, portOf } from '../process.ts'
import { newSecret } from './test-api.ts'
import { createTestDatabase } from './test-database.ts'

type Ready = { port: number; metrics_port: number }

/** The API as production runs it: a process of its own, whose every word is kept. */
export const startApiProcess = async (environment: Record<string, string> = {}) => {
  const database = await createTestDatabase()
  const secrets = { key: newSecret(), webhook: newSecret(), auth: newSecret() }
  const gateway = createPaymentGateway({
    apiKey: secrets.key,
    webhookSecret: secrets.webhook,
    hangMs: 1_000,
  })
  const gatewayServer = createAdaptorServer(gateway.app) as Server
  await listening(gatewayServer, 0, '127.0.0.1')

  const child = fork(fileURLToPath(new URL('../api.ts', import.meta.url)), {
    execArgv: nodeFlags,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      DATABASE_URL: database.url,
      AUTH_SECRET: secrets.auth,
      PAYMENT_GATEWAY_URL: `http://127.0.0.1:${portOf(gatewayServer)}`,
      PAYMENT_GATEWAY_KEY: secrets.key,
      PAYMENT_WEBHOOK_SECRET: secrets.webhook,
      PAYMENT_TIMEOUT_MS: '800',
      SMTP_URL: 'smtp://127.0.0.1:1',
      PORT: '0',
      METRICS_PORT: '0',
      ...environment,
    },
  })
  const said = { out: '', err: '' }
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  const closed = once(child, 'close') as Promise<[code: number | null]>

  onTestFinished(async () => {
    child.kill('SIGKILL')
    await closed
    gateway.close()
    gatewayServer.closeAllConnections()
    gatewayServer.close()
    await database.drop()
  })
  const [ready] = (await once(child, 'message')) as [Ready]

  /** SIGTERM, as an orchestrator ends it; says how long that took. */
  const end = async () => {
    const began = performance.now()
    child.kill('SIGTERM')
    const [code] = await closed
    return { code, milliseconds: performance.now() - began }
  }

  return {
    url: `http://127.0.0.1:${ready.port}`,
    metricsUrl: `http://127.0.0.1:${ready.metrics_port}/metrics`,
    child,
    database,
    secrets,
    said,
    end,
  }
}

export type ApiProcess = Awaited<ReturnType<typeof startApiProcess>>

/** What it printed, line by line. */
export const linesOf = ({ said }: ApiProcess) =>
  said.out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown> & { time: number; msg: string })
