import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import { composeOf } from './compose.ts'
import type { Compose } from './compose.ts'
import { audit, fillArchive, layOut, startRestored } from './database.ts'
import { seal } from './sealed.ts'
import { findBackup, listBackups, readAbout, readSettings } from './stored.ts'
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
  if (values.wal) return console.log(await shipLog(compose, settings))

  const startedAt = performance.now()
  const backup = await take(compose, settings)
  const { bytes } = await readAbout(backup)
  console.log(`${backup}: ${megabytes(bytes)} MB, taken in ${since(startedAt)} s`)
  await shipLog(compose, settings)
  if (!values.unchecked) {
    const checkedAt = performance.now()
    console.log(`${await check(settings, backup)}; restored and audited in ${since(checkedAt)} s`)
  }
  await forgetOld(compose, settings)
}

const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1)
const since = (time: number) => ((performance.now() - time) / 1000).toFixed(1)

const take = async (compose: Compose, { folder, key, file }: Settings) => {
  const takenAt = new Date().toISOString()
  const backup = join(folder, takenAt.replaceAll(':', '-').replace(/\.\d+/, ''))
  const part = `${backup}.part`
  await mkdir(part, { recursive: true, mode: 0o700 })
  try {
    const base = join(part, 'base.sealed')
    const words = ['pg_basebackup', '-U', 'postgres', '-D', '-', '-Ft', '-X', 'fetch', '-c', 'fast']
    const firstWal = await compose.sql(
      'select pg_walfile_name(redo_lsn) from pg_control_checkpoint()',
    )
    await compose.run(['exec', '-T', 'db', ...words], {
      drain: (output) => seal(output, base, key),
    })
    await seal(Readable.from([await readFile(file)]), join(part, 'settings.sealed'), key)
    const about: About = {
      takenAt,
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

/** What the archive has and the backups' folder has not yet, as one sealed file. */
const shipLog = async (compose: Compose, { folder, key }: Settings) => {
  const wal = join(folder, 'wal')
  await mkdir(wal, { recursive: true, mode: 0o700 })
  const listed = join(wal, 'shipped.txt')
  const shipped = new Set((await readFile(listed, 'utf8').catch(() => '')).split('\n'))
  const archived = (await compose.run(['exec', '-T', 'db', 'ls', '/archive'])).split('\n')
  const fresh = archived.filter((name) => name.endsWith('.gz') && !shipped.has(name))
  if (fresh.length === 0) return 'The log has gained nothing.'
  const file = join(wal, `${fresh.at(-1)!.replace('.gz', '')}.sealed`)
  await compose.run(['exec', '-T', 'db', 'tar', '-c', '-C', '/archive', ...fresh], {
    drain: (output) => seal(output, file, key),
  })
  await writeFile(listed, fresh.map((name) => `${name}\n`).join(''), { flag: 'a' })
  return `${fresh.length} files of the log shipped.`
}

/** Restores it as a second stack of which only the database runs, and lets the auditor look at it. */
const check = async ({ file, folder, key, values }: Settings, backup: string) => {
  const project = `${values.COMPOSE_PROJECT_NAME || 'aeroflash'}-check-${process.pid}`
  const compose = composeOf(file, { COMPOSE_PROJECT_NAME: project })
  try {
    await layOut(compose, backup, key, 'latest')
    await fillArchive(compose, folder, key)
    await startRestored(compose, values.POSTGRES_PASSWORD!)
    await audit(compose)
    return `checked: ${await compose.sql("select count(*) || ' bookings' from bookings.bookings")}`
  } finally {
    await compose.run(['down', '--volumes', '--timeout', '5'])
  }
}

/** Keeps the newest, and of the log what leads on from the oldest of them. */
const forgetOld = async (compose: Compose, { folder, values }: Settings) => {
  const names = await listBackups(folder)
  const kept = Number(values.BACKUPS_KEPT || KEPT_DEFAULT)
  for (const name of names.slice(0, -kept)) await rm(join(folder, name), { recursive: true })
  const oldest = await readAbout(await findBackup(folder, names.slice(-kept)[0]))
  const { firstWal } = oldest
  await compose.run(['exec', '-T', 'db', 'pg_archivecleanup', '-x', '.gz', '/archive', firstWal])
  const wal = join(folder, 'wal')
  // By their place in the log; the first eight digits are the timeline.
  const isOld = (name: string) =>
    /^[0-9A-F]{24}/.test(name) && name.slice(8, 24) < firstWal.slice(8)
  for (const name of (await readdir(wal)).filter(isOld)) await rm(join(wal, name))
}

if (import.meta.main)
  await main().catch(({ message }: Error) => {
    console.error(message)
    process.exitCode = 1
  })
