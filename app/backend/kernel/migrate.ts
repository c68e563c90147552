import { runner } from 'node-pg-migrate'
import type { MigrationBuilder, RunnerOption } from 'node-pg-migrate'
import pg from 'pg'
import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Database } from './database.ts'
import { sql } from './sql.ts'

const folder = fileURLToPath(new URL('../migrations', import.meta.url))

type Loader = NonNullable<RunnerOption['migrationLoaderStrategies']>[number]['loader']

// PostgreSQL builds an index beside readers and writers outside a transaction only, alone in its file.
const load: Loader = (paths) =>
  Promise.all(
    paths.map(async (path) => {
      const text = await readFile(path, 'utf8')
      const isAlone = /^(create (unique )?|drop )index concurrently\b/im.test(text)
      const up = (migration: MigrationBuilder) => {
        if (isAlone) migration.noTransaction()
        migration.sql(text)
      }
      return { id: path, filePaths: [path], actions: { up, down: false as const } }
    }),
  )

/** Brings the schema up to this build's. Several at once wait for each other; forward only. */
export const migrate = async (connectionString: string): Promise<string[]> => {
  const client = new pg.Client({ connectionString, application_name: 'aeroflash-migrate' })
  await client.connect()
  try {
    // A statement that waits for a lock makes everybody after it wait: better it fails, and tries again.
    await client.query(`set lock_timeout = '5s'`)
    const done = await runner({
      dbClient: client,
      dir: folder,
      direction: 'up',
      migrationsTable: 'migrations',
      advisoryLockMode: 'wait',
      singleTransaction: false,
      migrationLoaderStrategies: [{ extensions: ['.sql'], loader: load }],
      log: () => undefined,
    })
    return done.map(({ name }) => name)
  } finally {
    await client.end()
  }
}

/** Migrations of this build that the database lacks, or of a newer build that this one lacks. */
export const migrationGap = async (db: Database) => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql'))
  const ours = new Set(files.map((name) => name.replace(/\.sql$/, '')))
  const { recorded } = await db.oneRow<{ recorded: boolean }>(sql('migrations.recorded')`
    select to_regclass('public.migrations') is not null as recorded`)
  const done = recorded
    ? await db.rows<{ name: string }>(sql('migrations.done')`select name from public.migrations`)
    : []
  const theirs = new Set(done.map(({ name }) => name))
  return { missing: [...ours.difference(theirs)], unknown: [...theirs.difference(ours)] }
}
