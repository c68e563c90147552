import { setTimeout as wait } from 'node:timers/promises'
import { openPool } from '../kernel/connections.ts'
import { createDatabase } from '../kernel/database.ts'
import { sql } from '../kernel/sql.ts'
import type { Fault, Subjects } from './fault.ts'

/** Below the 3 s after which who waits for a lock gives up. */
const HELD_MS = 2_500

/** A transaction that nobody commits in time: it has its rows, and does something else meanwhile. */
export const rowLock = ({ config, logger }: Subjects): Fault => ({
  to: 'shared',
  begin: async () => {
    const pool = openPool({
      connectionString: config.DATABASE_URL,
      maxConnections: 1,
      applicationName: 'aeroflash-faults',
    })
    pool.on('error', () => undefined)
    const db = createDatabase(pool)
    const ending = new AbortController()
    const first = Promise.withResolvers<void>()

    const holdOnce = () =>
      db.transaction(async (tx) => {
        await tx.rows(sql('faults.lock_seats')`
          select from seats.units where status = 'held' for update`)
        first.resolve()
        await wait(HELD_MS, undefined, { signal: ending.signal }).catch(() => undefined)
      })
    const turns = async () => {
      while (!ending.signal.aborted)
        await holdOnce().catch((error: unknown) => logger.debug({ err: error }, 'fault: no lock'))
    }
    const running = turns()
    await Promise.race([first.promise, wait(HELD_MS)])
    return async () => {
      ending.abort()
      await running
      await pool.end()
    }
  },
})
