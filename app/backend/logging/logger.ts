import pino from 'pino'
import type { DestinationStream } from 'pino'
import type { Logger } from '../kernel/logger.ts'
import { logLines } from '../kernel/metrics.ts'
import { redactText, redacted } from './redact.ts'

const lines = new Map(
  Object.entries(pino.levels.values).map(([label, level]) => [level, logLines.of(label)]),
)

export type LoggerSettings = { service: string; version: string; level: string }

/**
 * JSON lines. Epoch milliseconds and no hostname: what Loki can take without a stream for each
 * container.
 */
export const createLogger = (
  { service, version, level }: LoggerSettings,
  destination: DestinationStream,
): Logger =>
  pino(
    {
      level,
      base: { service, version },
      formatters: { level: (label) => ({ level: label }), log: redacted },
      serializers: { msg: redactText, err: (error: unknown) => error },
      hooks: {
        logMethod(line, write, level) {
          lines.get(level)?.add(1)
          write.apply(this, line)
        },
      },
    },
    destination,
  )
