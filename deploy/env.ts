import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'

type Values = Record<string, string>

const random = () => randomBytes(32).toString('base64url')
/** Without letters that look alike: people type these. */
const typed = () => Array.from({ length: 4 }, () => randomBytes(4).toString('hex')).join('-')

const generated: Record<string, () => string> = {
  POSTGRES_PASSWORD: random,
  MIGRATOR_PASSWORD: random,
  APP_PASSWORD: random,
  MONITOR_PASSWORD: random,
  AUTH_SECRET: random,
  PAYMENT_GATEWAY_KEY: random,
  PAYMENT_WEBHOOK_SECRET: random,
  BACKUP_KEY: random,
  GRAFANA_ADMIN_PASSWORD: typed,
  DEMO_PASSWORD: typed,
}

const address = (user: string, password = '') => `postgres://${user}:${password}@db:5432/aeroflash`

/** What each container is given: the file's name, and what is in it. */
const filesOf = (values: Values): Values => ({
  postgres_password: values.POSTGRES_PASSWORD!,
  admin_database_url: values.ADMIN_DATABASE_URL || address('postgres', values.POSTGRES_PASSWORD),
  migrator_database_url:
    values.MIGRATOR_DATABASE_URL || address('aeroflash_migrator', values.MIGRATOR_PASSWORD),
  app_database_url: values.DATABASE_URL || address('aeroflash_app', values.APP_PASSWORD),
  monitor_password: values.MONITOR_PASSWORD!,
  auth_secret: values.AUTH_SECRET!,
  payment_gateway_key: values.PAYMENT_GATEWAY_KEY!,
  payment_webhook_secret: values.PAYMENT_WEBHOOK_SECRET!,
  smtp_url: values.SMTP_URL || 'smtp://partners:2525',
  grafana_admin_password: values.GRAFANA_ADMIN_PASSWORD!,
  demo_password: values.DEMO_PASSWORD!,
  pager_url: values.PAGER_URL || 'http://partners:4000/alerts/pager',
  tickets_url: values.TICKETS_URL || 'http://partners:4000/alerts/tickets',
  watchdog_url: values.WATCHDOG_URL || 'http://partners:4000/alerts/watchdog',
})

const defaults = (): Values => ({
  COMPOSE_PROFILES: 'monitoring',
  SECRETS: './.secrets',
  PUBLIC_URL: 'http://localhost:8080',
  LOKI_URL: 'http://loki:3100',
  DOCKER_GROUP: dockerGroup(),
})

/** Whoever wants no monitoring says so. */
const mayBeEmpty = new Set(['COMPOSE_PROFILES', 'LOKI_URL'])

const SOCKET = '/var/run/docker.sock'

/**
 * Who may read the engine's socket, which the collector of logs does. With Docker Desktop the engine is in a machine
 * of its own, where the socket is root's; the one here says nothing about that.
 */
export const dockerGroup = (platform: string = process.platform, socket = SOCKET) =>
  platform === 'linux' && existsSync(socket) ? String(statSync(socket).gid) : '0'

const HEAD = `# Made by \`npm run env\`; .env.example says what else may stand here. Keep it to yourself.
# After a change run \`npm run env\` again: containers get secrets as the files that it writes.
`

/** Writes .env and the files of its secrets. What is set already stays; what is missing is made. */
export const writeEnvironment = (file: string, settings: Values = {}) => {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : HEAD
  const given = parseEnv(text) as Values
  const made = { ...defaults(), ...mapValues(generated, (make) => make()), ...settings }
  const isMissing = (name: string) =>
    given[name] === undefined || (given[name] === '' && !mayBeEmpty.has(name))
  const missing = Object.entries(made).filter(([name]) => isMissing(name))
  const lines = missing.map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(file, [text.replace(/([^\n])$/, '$1\n'), ...lines].join(''), { mode: 0o600 })
  chmodSync(file, 0o600)

  const values = { ...given, ...Object.fromEntries(missing) }
  const folder = resolve(dirname(file), values.SECRETS!)
  // The folder keeps others out; the files themselves are read by whichever user a container has.
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const [name, value] of Object.entries(filesOf(values))) {
    const path = join(folder, name)
    rmSync(path, { force: true })
    writeFileSync(path, value)
    chmodSync(path, 0o444)
  }
  return missing.map(([name]) => name)
}

const mapValues = (from: Record<string, () => string>, make: (from: () => string) => string) =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, make(value)]))

if (import.meta.main) {
  const made = writeEnvironment(process.argv[2] ?? '.env')
  console.log(made.length === 0 ? '.env has all it needs.' : `.env: made ${made.join(', ')}.`)
}
