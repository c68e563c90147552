import { createAdaptorServer } from '@hono/node-server'
import type { Server } from 'node:http'
import supertest from 'supertest'
import { afterAll } from 'vitest'
import { router } from '../../kernel/api.ts'
import { openPool } from '../../kernel/connections.ts'
import { createDatabase } from '../../kernel/database.ts'
import { answerFailure } from '../../kernel/failures.ts'
import { identified } from '../../kernel/principal.ts'
import { requestLog } from '../../kernel/request-log.ts'
import { createLogger } from '../../logging/logger.ts'
import type { Mail } from '../../mailer.ts'
import { createTestDatabase } from '../../test/test-database.ts'
import { createAuth } from './auth.ts'
import { identify } from './identify.ts'
import { identityRoutes } from './routes.ts'

export const secret = 'a long enough key for signing in tests only 0123456789'
export const site = 'http://localhost:8080'
export const password = 'correct horse battery'

type Settings = {
  attempts?: { max: number; seconds: number }
  CLIENT_ADDRESS_HEADER?: string
  PUBLIC_URL?: string
}

/** A small API on a database of its own, and what a test needs to look behind it. */
export const openIdentity = async ({ attempts, ...settings }: Settings = {}) => {
  const database = await createTestDatabase()
  const pool = openPool({
    connectionString: database.url,
    maxConnections: 10,
    applicationName: 'identity-test',
  })
  pool.on('error', () => undefined)
  const db = createDatabase(pool)
  const logger = createLogger(
    { service: 'test', version: 'test', level: 'silent' },
    { write: () => undefined },
  )
  const config = {
    AUTH_SECRET: secret,
    PUBLIC_URL: site,
    CLIENT_ADDRESS_HEADER: undefined,
    ...settings,
  }
  const mails: Mail[] = []
  const mailer = { send: (mail: Mail) => void mails.push(mail) }
  const auth = createAuth({
    pool,
    config,
    mailer,
    logger,
    attempts: attempts ?? { max: 1_000, seconds: 60 },
  })

  const app = router().basePath('/api')
  app.use(requestLog({ logger }), identify({ db, config, clock: () => new Date() }))
  app.onError(answerFailure(logger))
  app.route('/', identityRoutes({ db, auth, config }))
  app.get('/plain', (c) => c.json({}))
  app.on(['GET', 'POST'], '/whoami', identified.middleware, (c) => c.json(c.var.principal))

  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await pool.end()
    await database.drop()
  })
  return { http: supertest(server), server, db, pool, auth, config, mails, url: database.url }
}

export type Identity = Awaited<ReturnType<typeof openIdentity>>

let people = 0

/** Somebody new, signed in: their e-mail, bearer token and cookie. */
export const register = async (
  { http }: Identity,
  email = `somebody-${(people += 1)}@example.com`,
) => {
  const answer = await http
    .post('/api/auth/sign-up/email')
    .send({ email, name: 'Ana Ruiz', password })
    .expect(201)
  const { account, token } = answer.body as {
    account: { id: string; email: string }
    token: string
  }
  return { account, email, token, cookie: cookieOf(answer), bearer: `Bearer ${token}` }
}

export const cookieOf = (answer: { headers: Record<string, unknown> }) => {
  const [cookie = ''] = answer.headers['set-cookie'] as string[]
  return cookie.split(';')[0] ?? ''
}
