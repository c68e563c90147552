import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import { composeOf } from './compose.ts'
import type { Compose } from './compose.ts'
import { audit, fillArchive, layOut, startRestored } from './database.ts'
import { earliest, isOlder, shipLog, takeTurn, tryTurn } from './log.ts'
import { seal } from './sealed.ts'
import { listBackups, readAbout, readSettings } from './stored.ts'
import type { About, Settings } from './stored.ts'

const KEPT_DEFAULT = 7

/**
 * `npm run backup`: all of the database and the settings it is run with, encrypted, in a folder of its own;
 * proved by restoring it beside the stack. `-- --wal` only ships what the database's log has gained since.
 */
const main = async () => {
  const { values } = parseArgs({
    options: { wal: { type: 'boolean' }, unchecked: { type: 'boolean' } },
  })
  const settings = readSettings()
  const compose = composeOf(settings.file)
  if (values.wal) {
    const endTurn = await tryTurn(settings)
    if (!endTurn) return console.log('The log is being shipped already; nothing was done.')
    return console.log(await shipLog(compose, settings).finally(endTurn))
  }

  const startedAt = performance.now()
  const backup = await take(compose, settings)
  const { bytes } = await readAbout(backup)
  console.log(`${backup}: ${megabytes(bytes)} MB, taken in ${since(startedAt)} s`)
  await inTurn(settings, () => shipLog(compose, settings))
  if (!values.unchecked) {
    const checkedAt = performance.now()
    console.log(`${await check(settings, backup)}; restored and audited in ${since(checkedAt)} s`)
  }
  await inTurn(settings, () => forgetOld(compose, settings))
}

const inTurn = async <Result>(settings: Settings, work: () => Promise<Result>) => {
  const endTurn = await takeTurn(settings)
  return work().finally(endTurn)
}

const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1)
const since = (time: number) => ((performance.now() - time) / 1000).toFixed(1)

export const take = async (compose: Compose, { folder, key, file }: Settings) => {
  const takenAt = new Date().toISOString()
  const backup = join(folder, takenAt.replaceAll(':', '-').replace(/\.\d+/, ''))
  const part = `${backup}.part`
  await mkdir(part, { recursive: true, mode: 0o700 })
  try {
    const base = join(part, 'base.sealed')
    const words = ['pg_basebackup', '-U', 'postgres', '-D', '-', '-Ft', '-X', 'fetch', '-c', 'fast']
    // What was shipped before, under whatever key, is not needed: its log begins here.
    const firstWal = await compose.sql(
      'checkpoint; select pg_walfile_name(redo_lsn) from pg_control_checkpoint()',
    )
    await compose.run(['exec', '-T', 'db', ...words], {
      drain: (output) => seal(output, base, key),
    })
    const finishedAt = new Date().toISOString()
    await seal(Readable.from([await readFile(file)]), join(part, 'settings.sealed'), key)
    const about: About = {
      takenAt,
      finishedAt,
      commit: process.env.COMMIT || 'unknown',
      firstWal,
      bytes: (await stat(base)).size,
    }
    await writeFile(join(part, 'about.json'), `${JSON.stringify(about, null, 2)}\n`)
    await rename(part, backup)
    return backup
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw error
  }
}

/** Restores it as a second stack of which only the database runs, and lets the auditor look at it. */
const check = async ({ file, folder, key, values }: Settings, backup: string) => {
  const project = `${values.COMPOSE_PROJECT_NAME || 'aeroflash'}-check-${process.pid}`
  const compose = composeOf(file, { COMPOSE_PROJECT_NAME: project })
  try {
    // On its own timeline: there may be others that were tried, and left again.
    await layOut(compose, backup, key, { to: 'latest', timeline: 'current' })
    await fillArchive(compose, folder, backup, key)
    await startRestored(compose, values.POSTGRES_PASSWORD!)
    await audit(compose)
    return `checked: ${await compose.sql("select count(*) || ' bookings' from bookings.bookings")}`
  } finally {
    await compose.run(['down', '--volumes', '--timeout', '5'])
  }
}

/** Keeps the newest, and of the log what leads on from the first of them. */
export const forgetOld = async (compose: Compose, { folder, values }: Settings) => {
  const names = await listBackups(folder)
  const kept = Number(values.BACKUPS_KEPT || KEPT_DEFAULT)
  for (const name of names.slice(0, -kept)) await rm(join(folder, name), { recursive: true })
  const abouts = await Promise.all(names.slice(-kept).map((name) => readAbout(join(folder, name))))
  const first = earliest(abouts.map(({ firstWal }) => firstWal))
  await compose.run(['exec', '-T', 'db', 'pg_archivecleanup', '-x', '.gz', '/archive', first])
  const wal = join(folder, 'wal')
  const old = (await readdir(wal)).filter((name) => isOlder(name, first))
  for (const name of old) await rm(join(wal, name))
}

if (import.meta.main)
  await main().catch(({ message }: Error) => {
    console.error(message)
    process.exitCode = 1
  })
