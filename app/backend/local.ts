import { join } from 'node:path'
import { createDemoAccounts } from './local/accounts.ts'
import { banner } from './local/banner.ts'
import { keepRunning } from './local/children.ts'
import { openDatabase } from './local/database.ts'
import { takeLock } from './local/lock.ts'
import { claimPort } from './local/ports.ts'
import { emptyLogs, removeData } from './local/reset.ts'
import { readSecrets } from './local/secrets.ts'
import { readSettings } from './local/settings.ts'
import { buildSite } from './local/site.ts'
import { createShutdown } from './local/shutdown.ts'

const shutdown = createShutdown()

/** `npm start`: the product on this machine, each part started when what it stands on is ready. */
const start = async () => {
  const startedAt = performance.now()
  const settings = readSettings(process.argv.slice(2), process.env)
  const { AEROFLASH_DATA: folder, HOST } = settings
  shutdown.listen()
  shutdown.add('lock', { stop: await takeLock(folder) })
  const port = await claimPort('PORT', settings.PORT, HOST)
  const metricsPort = await claimPort('METRICS_PORT', settings.METRICS_PORT, HOST)
  if (settings.reset) await removeData(folder)

  const logs = await emptyLogs(folder)
  const { passwords, ...secrets } = await readSecrets(folder)
  const publicUrl = settings.PUBLIC_URL ?? `http://localhost:${port}`
  const [databaseUrl, siteRoot, partners] = await Promise.all([
    openDatabase(settings, shutdown),
    buildSite(),
    startPartners(logs, secrets, `http://127.0.0.1:${port}/api/payments/webhooks/gateway`),
  ])

  const environment = {
    ...secrets,
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: publicUrl,
    SITE_ROOT: siteRoot ?? '',
    PAYMENT_GATEWAY_URL: `${partners.url}/payments`,
    SMTP_URL: partners.smtpUrl,
    SERVER_TIMING: 'true',
  }
  const accounts = createDemoAccounts(databaseUrl, passwords)
  await Promise.all([
    run('worker', logs, { ...environment, METRICS_PORT: '0' }),
    run('api', logs, { ...environment, PORT: String(port), METRICS_PORT: String(metricsPort) }),
    accounts,
  ])
  console.log(
    banner({
      publicUrl,
      metricsUrl: `http://localhost:${metricsPort}/metrics`,
      mailUrl: `${partners.url}/mail`,
      databaseUrl,
      logs,
      accounts: await accounts,
      seconds: (performance.now() - startedAt) / 1000,
    }),
  )
}

const startPartners = async (logs: string, secrets: Record<string, string>, webhookUrl: string) => {
  const { port, smtp_port } = await run('partners', logs, {
    ...secrets,
    PARTNERS_PORT: '0',
    PARTNERS_SMTP_PORT: '0',
    PAYMENT_WEBHOOK_URL: webhookUrl,
  })
  return { url: `http://127.0.0.1:${port}`, smtpUrl: `smtp://127.0.0.1:${smtp_port}` }
}

const programs = {
  api: { file: 'api.ts', restartsMax: 5 },
  worker: { file: 'worker.ts', restartsMax: 5 },
  // Others hold its addresses, and it would come back under new ones.
  partners: { file: 'partners/server.ts', restartsMax: 0 },
}

const run = async (
  name: keyof typeof programs,
  logs: string,
  environment: Record<string, string>,
) => {
  const options = { name, ...programs[name], environment, logFile: join(logs, `${name}.log`) }
  const child = await keepRunning(options, shutdown.fail)
  shutdown.add(name, child)
  return child.ready
}

start().catch(({ message }: Error) => shutdown.fail(message))
