import pino from 'pino'
import type { DestinationStream, Logger } from 'pino'
import { logLines } from './metrics.ts'

export type { Logger } from 'pino'

const counters = Object.entries(pino.levels.values).map(([label, level]) => [level, label] as const)
const lines = new Map(counters.map(([level, label]) => [level, logLines.of(label)]))

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
      hooks: {
        logMethod(line, write, level) {
          lines.get(level)?.add(1)
          write.apply(this, line)
        },
      },
      serializers: { err: pino.stdSerializers.err },
      redact: {
        paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[redacted]',
      },
    },
    destination,
  )
