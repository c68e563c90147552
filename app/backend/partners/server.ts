import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { pino } from 'pino'
import { z } from 'zod'
import { withSecretFiles } from '../secret-files.ts'
import { createMailCatcher } from './mail-catcher.ts'
import { createPaymentGateway } from './payment-gateway.ts'

const CLOSING_MS_MAX = 800

const port = z.coerce.number().int().min(0).max(65_535).default(0)
const milliseconds = z.coerce.number().int().min(0).max(600_000).optional()
const secret = z.string({ error: 'must be set' }).min(16)

const settings = z.object({
  PARTNERS_PORT: port,
  PARTNERS_SMTP_PORT: port,
  PARTNERS_HOST: z.string().default('127.0.0.1'),
  PAYMENT_GATEWAY_KEY: secret,
  PAYMENT_WEBHOOK_SECRET: secret,
  PAYMENT_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  PAYMENT_SETTLE_AFTER_MS: milliseconds,
  PAYMENT_HANG_MS: milliseconds,
  FAULTS_ENABLED: z.enum(['true', 'false']).default('false'),
})

type Settings = z.infer<typeof settings>

const open = ({ PARTNERS_HOST: host, ...config }: Settings) => {
  const gateway = createPaymentGateway({
    apiKey: config.PAYMENT_GATEWAY_KEY,
    webhookSecret: config.PAYMENT_WEBHOOK_SECRET,
    webhookUrl: config.PAYMENT_WEBHOOK_URL,
    settleAfterMs: config.PAYMENT_SETTLE_AFTER_MS,
    hangMs: config.PAYMENT_HANG_MS,
    faults: config.FAULTS_ENABLED === 'true',
    log,
  })
  const mail = createMailCatcher({ host, log })
  const http = createServer(getRequestListener(routes(gateway.app, mail).fetch))

  return {
    listen: async () => {
      const { smtpPort } = await mail.listen(config.PARTNERS_SMTP_PORT)
      await once(http.listen(config.PARTNERS_PORT, host), 'listening')
      return { port: (http.address() as AddressInfo).port, smtp_port: smtpPort }
    },
    close: async () => {
      gateway.close()
      http.close()
      http.closeAllConnections()
      await mail.close()
    },
  }
}

const routes = (payments: Hono, mail: { app: Hono; alerts: Hono }) =>
  new Hono({ strict: false })
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .route('/payments', payments)
    .route('/mail', mail.app)
    .route('/alerts', mail.alerts)

/** Empty counts as unset, as Docker Compose passes a variable it does not know. */
const config = (): Settings => {
  const all = withSecretFiles(process.env, Object.keys(settings.shape))
  const given = Object.entries(all).filter(([, value]) => value !== '')
  const read = settings.safeParse(Object.fromEntries(given))
  if (!read.success) throw new Error(`Set these first:\n${z.prettifyError(read.error)}`)
  return read.data
}

const closeOnDemand = (close: () => Promise<void>) => {
  const stop = () => {
    setTimeout(() => process.exit(0), CLOSING_MS_MAX).unref()
    void close().finally(() => process.exit(0))
  }
  // A parent that dies closes the channel, so the stand-ins never outlive what started them.
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(signal, stop)
}

const logger = pino({ base: { process: 'partners' } })
const log = (line: object) => logger.info(line)

try {
  const partners = open(config())
  closeOnDemand(partners.close)
  const ports = await partners.listen()
  log({ msg: 'partners listening', ...ports })
  process.send?.({ ready: true, ...ports })
} catch (error) {
  logger.fatal({ msg: 'partners cannot start', reason: (error as Error).message })
  process.exit(1)
}
