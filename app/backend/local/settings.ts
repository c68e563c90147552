import { fileURLToPath } from 'node:url'
import { resolve } from 'node:path'
import { z } from 'zod'

const USAGE = `Usage: npm start [-- --reset]

  --reset   begin afresh: removes the local database, its secrets and the logs

  PORT=8081, METRICS_PORT=9465   other ports than 8080 and 9464
  DATABASE_URL=postgres://…      a database of your own instead of the embedded one
  AEROFLASH_DATA=…               another folder than .aeroflash`

const root = fileURLToPath(new URL('../../..', import.meta.url))
const port = z.coerce.number().int().min(0).max(65_535)

const schema = z.object({
  PORT: port.default(8080),
  METRICS_PORT: port.default(9464),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'not a postgres:// address' })
    .optional(),
  AEROFLASH_DATA: z
    .string()
    .default('.aeroflash')
    .transform((folder) => resolve(root, folder)),
  PUBLIC_URL: z.url().optional(),
  SCHEDULE_DAYS: z.coerce.number().int().min(1).max(400).default(75),
})

export type LocalSettings = z.infer<typeof schema> & { reset: boolean }

export const readSettings = (
  words: string[],
  environment: Record<string, string | undefined>,
): LocalSettings => {
  const unknown = words.filter((word) => word !== '--reset')
  if (unknown.length > 0) throw new Error(`Unknown argument: ${unknown.join(' ')}\n\n${USAGE}`)

  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const read = schema.safeParse(given)
  if (!read.success) {
    const wrong = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new Error(`A setting is not usable. ${wrong.join('; ')}\n\n${USAGE}`)
  }
  const reset = words.includes('--reset')
  if (reset && read.data.DATABASE_URL)
    throw new Error('--reset empties the embedded database only, and DATABASE_URL names another.')
  return { ...read.data, reset }
}
