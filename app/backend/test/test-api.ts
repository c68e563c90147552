import { randomBytes, randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import supertest from 'supertest'
import type { Response, Test } from 'supertest'
import { createApp } from '../app.ts'
import { readConfig } from '../config.ts'
import type { Role } from '../kernel/principal.ts'
import type { Mail } from '../mailer.ts'
import { createPaymentGateway } from '../partners/payment-gateway.ts'
import { listening, portOf } from '../process.ts'
import { schedulesOf } from '../subscriptions.ts'
import { createAccount } from '../slices/identity/commands/create-account.ts'
import { openWorld } from '../world.ts'
import type { World } from '../world.ts'
import { checkContract } from './contract.ts'
import type { OpenApiDocument } from './contract.ts'
import { createTestDatabase } from './test-database.ts'
import type { TestDatabase } from './test-database.ts'

export type TestApi = Awaited<ReturnType<typeof startTestApi>>

const password = 'a long enough password'

type Settings = {
  clock?: () => Date
  /** False: no webhook arrives, as when the gateway is silent. */
  hearsGateway?: boolean
  /** A database that the caller made and looks after, instead of one that comes and goes with the API. */
  databaseUrl?: string
  connectionsMax?: number
  /** Where to listen, for a proxy that was started first and whose address is the site's. */
  port?: number
  publicUrl?: string
  /** Other settings of the API. */
  environment?: Record<string, string>
}

/**
 * The real API on a database of its own, with a real payment gateway over HTTP. Each answer is held
 * against the OpenAPI document: a status or problem that it does not promise fails the test.
 */
export const startTestApi = async (settings: Settings = {}) => {
  const {
    clock,
    hearsGateway = true,
    databaseUrl,
    connectionsMax = 8,
    port = 0,
    publicUrl,
    environment,
  } = settings
  const database = databaseUrl ? lent(databaseUrl) : await createTestDatabase()
  const secrets = { key: newSecret(), webhook: newSecret() }
  const gateway = createPaymentGateway({
    apiKey: secrets.key,
    webhookSecret: secrets.webhook,
    settleAfterMs: 200,
    // Far above the time-out: a machine that stands still for a second must not make silence an answer.
    hangMs: 30_000,
    faults: true,
  })
  const gatewayServer = createAdaptorServer(gateway.app) as Server
  await listening(gatewayServer, 0, '127.0.0.1')

  const config = readConfig({
    DATABASE_URL: database.url,
    DB_POOL_MAX: String(connectionsMax),
    AUTH_SECRET: newSecret(),
    PAYMENT_GATEWAY_URL: `http://127.0.0.1:${portOf(gatewayServer)}`,
    PAYMENT_GATEWAY_KEY: secrets.key,
    PAYMENT_WEBHOOK_SECRET: secrets.webhook,
    PAYMENT_TIMEOUT_MS: '800',
    SMTP_URL: 'smtp://127.0.0.1:1',
    PUBLIC_URL: publicUrl,
    LOG_LEVEL: 'silent',
    ...environment,
  })
  const opened = openWorld(config, 'api')
  const mails: Mail[] = []
  const mailer = { send: (mail: Mail) => void mails.push(mail), close: async () => undefined }
  const world: World = { ...opened, mailer, ...(clock && { clock }) }
  const server = createAdaptorServer(createApp(world)) as Server
  await listening(server, port, '127.0.0.1')
  const url = `http://127.0.0.1:${portOf(server)}`
  if (hearsGateway) gateway.setWebhookUrl(`${url}/api/payments/webhooks/gateway`)

  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as OpenApiDocument
  const agent = supertest.agent(url)
  agent.use((request: Test) => {
    request.expect((answer: Response) => checkContract(document, answer))
  })

  const signIn = async (role: Role) => {
    const email = `${role}-${randomUUID()}@aeroflash.example`
    await createAccount({ db: world.db }, { email, password, name: `Test ${role}`, role })
    const answer = await supertest(url).post('/api/auth/sign-in/email').send({ email, password })
    return `Bearer ${(answer.body as { token: string }).token}`
  }

  return {
    request: agent,
    url,
    config,
    world,
    document,
    gateway,
    mails,
    signIn,
    /** Runs a job of the worker once, by its name. */
    runJob: async (name: string) => {
      const job = schedulesOf(world).find((schedule) => schedule.name === name)
      if (!job) throw new Error(`there is no job ${name}`)
      return job.run()
    },
    close: async () => {
      world.draining.abort()
      gateway.close()
      server.closeAllConnections()
      gatewayServer.closeAllConnections()
      server.close()
      gatewayServer.close()
      await opened.close()
      await database.drop()
    },
  }
}

const lent = (url: string): TestDatabase => ({ url, drop: async () => undefined })

export const newSecret = () => randomBytes(24).toString('hex')
export const newKey = (): string => randomUUID()
