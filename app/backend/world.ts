import type { Config } from './config.ts'
import { openFaults } from './faults/faults.ts'
import { openPool, slowStatements } from './kernel/connections.ts'
import { createDatabase } from './kernel/database.ts'
import { buildInfo } from './kernel/metrics.ts'
import { openLogger } from './logging/open-logger.ts'
import { createMailer } from './mailer.ts'
import { watchLog } from './series.ts'
import { createStatusFeed } from './slices/flights/status-feed.ts'
import { createGateway } from './slices/payments/gateway.ts'
import { openStreams } from './streams.ts'

/** What slices stand on. Time and the outside world are handed in, so that a test can hand others. */
export const openWorld = (config: Config, service: 'api' | 'worker') => {
  const { VERSION: version, COMMIT: commit } = config
  const logger = openLogger(config, `aeroflash-${service}`)
  const logTo = watchLog(logger)
  const pool = openPool({
    connectionString: config.DATABASE_URL,
    maxConnections: config.DB_POOL_MAX,
    applicationName: `aeroflash-${service}@${version}`,
  })
  // An idle connection that the server ends is replaced at the next use; it must not end the process.
  pool.on('error', (error) => logger.warn({ err: error }, 'idle database connection lost'))
  buildInfo.set({ version, commit }, 1)
  const tellSlow = (statement: unknown) => logger.warn(statement, 'slow query')
  slowStatements.subscribe(tellSlow)

  const db = createDatabase(pool)
  const mailer = createMailer(config.SMTP_URL, config.MAIL_FROM, logger)
  const statusFeed = createStatusFeed(config.DATABASE_URL, logger)
  const enabled = config.FAULTS_ENABLED && service === 'api'
  const faults = openFaults({ config, logger, pool, db, logTo, enabled })
  const draining = new AbortController()
  return {
    config,
    logger,
    pool,
    db,
    clock: () => new Date(),
    mailer,
    gateway: createGateway(config),
    statusFeed,
    faults,
    /** Aborted when this process is about to end: streams finish, and readiness says no. */
    draining,
    streams: openStreams(draining.signal),
    close: async () => {
      await faults.close()
      await statusFeed.close()
      await mailer.close()
      await pool.end()
      slowStatements.unsubscribe(tellSlow)
    },
  }
}

export type World = ReturnType<typeof openWorld>
