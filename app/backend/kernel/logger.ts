import pino from 'pino'
import type { DestinationStream, Logger } from 'pino'

export type { Logger } from 'pino'

const secret = [
  'authorization',
  'cookie',
  'password',
  'token',
  'access_token',
  'card',
  'email',
  'phone',
  'document',
  'number',
  'given_name',
  'family_name',
]

/** JSON lines on stdout. Epoch milliseconds and no hostname: what Loki can take without new streams. */
export const createLogger = (
  { service, version, level }: { service: string; version: string; level: string },
  destination: DestinationStream = pino.destination({ sync: false }),
): Logger =>
  pino(
    {
      level,
      base: { service, version },
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.err },
      redact: {
        paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[redacted]',
      },
    },
    destination,
  )
