import pino from 'pino'
import type { Logger } from '../kernel/logger.ts'
import { tally } from '../kernel/metrics.ts'
import { createLogger } from './logger.ts'
import { shipToLoki } from './loki.ts'
import { byPage } from './pages.ts'

export type LogSettings = {
  LOG_LEVEL: string
  VERSION: string
  ENVIRONMENT: string
  LOKI_URL?: string | undefined
  LOKI_BUFFER_BYTES: number
}

/** How long the last lines may take to reach Loki; whoever ends the process leaves this much time. */
export const FLUSH_MS = 3_000

const STDOUT_CHARACTERS_MAX = 16 * 1024 * 1024

const stdoutDropped = tally(
  'log_stdout_dropped_total',
  'Log lines that standard output did not take: whoever reads it has fallen far behind.',
).of()

/** Lines go to standard output always, and to Loki as well where there is one. */
export const openLogger = (settings: LogSettings, service: string): Logger => {
  const about = { service, version: settings.VERSION, level: settings.LOG_LEVEL }
  const stream = pino.destination({ sync: false, maxLength: STDOUT_CHARACTERS_MAX })
  stream.on('drop', (page: string) => stdoutDropped.add(page.split('\n').length - 1))
  const stdout = byPage(stream)
  if (!settings.LOKI_URL) return createLogger(about, stdout)

  const loki = shipToLoki({
    url: settings.LOKI_URL,
    service,
    env: settings.ENVIRONMENT,
    bytesMax: settings.LOKI_BUFFER_BYTES,
    flushMs: FLUSH_MS,
    tell: (level, what, message) => logger[level](what, message),
  })
  const both = {
    write: (line: string) => {
      stdout.write(line)
      loki.write(line)
    },
    flush: (done: () => void) => loki.flush(done),
    flushSync: stdout.flushSync,
  }
  const logger = createLogger(about, both)
  return logger
}
