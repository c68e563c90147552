import { join } from 'node:path'
import { openPool } from '../kernel/connections.ts'
import { createDatabase } from '../kernel/database.ts'
import type { Database } from '../kernel/database.ts'
import { migrate, migrationGap } from '../kernel/migrate.ts'
import { sql } from '../kernel/sql.ts'
import { seed } from '../seed.ts'
import { startPostgres } from './postgres.ts'
import type { LocalSettings } from './settings.ts'
import type { Shutdown } from './shutdown.ts'

export const withDatabase = async <Result>(
  connectionString: string,
  work: (db: Database) => Promise<Result>,
) => {
  const pool = openPool({ connectionString, maxConnections: 4, applicationName: 'aeroflash-local' })
  // Ctrl-C may stop the database under a connection that waits.
  pool.on('error', () => undefined)
  return work(createDatabase(pool)).finally(() => pool.end())
}

/** The address of a database that is ready: the one of DATABASE_URL, or one of our own. */
export const openDatabase = async (settings: LocalSettings, shutdown: Shutdown) => {
  const url = settings.DATABASE_URL ?? (await startEmbedded(settings.AEROFLASH_DATA, shutdown))
  const { unknown } = await withDatabase(url, migrationGap).catch(({ message, cause }: Error) => {
    const why = cause instanceof Error ? cause.message : message
    throw new Error(`The database does not let us in (${why}). Look at DATABASE_URL.`)
  })
  if (unknown.length > 0) throw newerSchema(unknown, settings.DATABASE_URL !== undefined)
  await migrate(url)
  const empty = await withDatabase(url, isEmpty)
  if (empty) console.log('Preparing flights and seats, this once …')
  const trusting = empty && settings.DATABASE_URL === undefined
  await seed(trusting ? unchecked(url) : url, { days: settings.SCHEDULE_DAYS })
  return url
}

const startEmbedded = async (folder: string, shutdown: Shutdown) => {
  const logFile = join(folder, 'logs', 'postgres.log')
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), logFile })
  let stopping = false
  shutdown.add('postgres', {
    stop: () => {
      stopping = true
      return postgres.stop()
    },
  })
  void postgres.ended().then(() => {
    if (!stopping) shutdown.fail(`PostgreSQL has ended unexpectedly. Its log: ${logFile}`)
  })
  await postgres.ensureDatabase('aeroflash')
  return postgres.url('aeroflash')
}

const isEmpty = async (db: Database) => {
  const { empty } = await db.oneRow<{ empty: boolean }>(sql('local.is_empty')`
    select not exists (select from flights.flights) as empty`)
  return empty
}

// Checking the reference of each of 850,000 seats takes a third of a first start. The tests seed
// with the checks on.
const unchecked = (url: string) => {
  const address = new URL(url)
  address.searchParams.set('options', '-c session_replication_role=replica')
  return address.href
}

const newerSchema = (unknown: string[], isOwn: boolean) =>
  new Error(
    `The database is of a newer AeroFlash than this one: it has ${unknown.join(', ')}. ` +
      (isOwn
        ? 'Update this copy, or set DATABASE_URL to another database.'
        : 'Update this copy, or start afresh with: npm start -- --reset'),
  )
