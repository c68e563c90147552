import { z } from 'zod'
import { withSecretFiles } from './secret-files.ts'

// Values that appear in examples and tutorials: a secret that is public is none.
const placeholder = /^(change.?me|secret|password|default|example|insecure|test|todo)/i

/** Also of a password within an address. */
export const isPlaceholder = (value: string) =>
  placeholder.test(value) || placeholder.test(/^\w+:\/\/[^:/]*:([^@]*)@/.exec(value)?.[1] ?? '')

const secret = z
  .string()
  .min(32, 'at least 32 characters')
  .refine((value) => !isPlaceholder(value), 'a placeholder, not a secret')

const port = z.coerce.number().int().min(0).max(65_535)

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true')

const settings = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'a postgres:// address' }),
  DB_POOL_MAX: z.coerce.number().int().min(1).max(200).default(10),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(8080),
  METRICS_PORT: port.default(9464),
  PUBLIC_URL: z.url().default('http://localhost:8080'),
  AUTH_SECRET: secret,
  PAYMENT_GATEWAY_URL: z.url(),
  PAYMENT_GATEWAY_KEY: secret,
  PAYMENT_WEBHOOK_SECRET: secret,
  PAYMENT_TIMEOUT_MS: z.coerce.number().int().min(50).default(5_000),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'an smtp:// address' }),
  MAIL_FROM: z.string().default('AeroFlash <no-reply@aeroflash.example>'),
  CLIENT_ADDRESS_HEADER: z.string().optional(),
  SERVER_TIMING: flag,
  LOG_EVERY: z.coerce.number().int().min(1).default(1),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  // Where log lines go besides standard output; a name and a password in it are sent as Basic.
  LOKI_URL: z.url({ protocol: /^https?$/, error: 'an http:// address' }).optional(),
  /** How much may wait for a Loki that is away, gzipped: 32 MB are some hundred thousand requests. */
  LOKI_BUFFER_BYTES: z.coerce
    .number()
    .int()
    .min(1024 * 1024)
    .default(32 * 1024 * 1024),
  ENVIRONMENT: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'a word like staging')
    .default('local'),
  VERSION: z.string().default('dev'),
  COMMIT: z.string().default('unknown'),
  SITE_ROOT: z.string().optional(),
  FAULTS_ENABLED: flag,
  BAD_RELEASE: z.enum(['slow', 'errors']).optional(),
  SCHEDULE_DAYS: z.coerce.number().int().min(1).max(400).default(62),
})

export type Config = z.infer<typeof settings>

/** Every setting, read once. Names everything that is missing or wrong at once, never a value. */
export const readConfig = (environment: Record<string, string | undefined>): Config => {
  const all = withSecretFiles(environment, Object.keys(settings.shape))
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
  const read = settings.safeParse(given)
  if (read.success) return read.data
  const wrong = read.error.issues.map(({ path, message }) =>
    given[String(path[0])] === undefined
      ? `  ${path.join('.')} is missing`
      : `  ${path.join('.')}: ${message}`,
  )
  throw new Error(`These settings need a value (see .env.example):\n${wrong.join('\n')}`)
}
