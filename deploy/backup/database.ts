import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Compose } from './compose.ts'
import { shippedSince } from './log.ts'
import { unseal } from './sealed.ts'
import { readAbout } from './stored.ts'

export type Target = {
  /** How far to go: to the backup's own end, as far as the log leads, or to a moment. */
  to: 'backup' | 'latest' | Date
  /** By which of the log's timelines: that of the backup, the newest, or one by its number. */
  timeline: string
}

// What was there is kept beside it until the next time: a restore that was a mistake can be taken back. What an
// attempt left that never came to its end (accept) is no such thing. It is moved first, for a removal that is
// interrupted would take the mark and leave the rest.
const unpack = `
set -e
cd /var/lib/postgresql
rm -rf discarded
if [ -e "$PGDATA/restore-under-way" ]; then mv "$PGDATA" discarded; rm -rf discarded
elif [ -e "$PGDATA/PG_VERSION" ]; then rm -rf before-restore; mv "$PGDATA" before-restore; fi
mkdir -p "$PGDATA"
chmod 700 "$PGDATA"
touch "$PGDATA/restore-under-way"
tar -x -C "$PGDATA"
printf '%s' "$RECOVERY" >>"$PGDATA/postgresql.auto.conf"
touch "$PGDATA/recovery.signal"
`

/** Puts a backup where the database's data is, to be recovered when it starts. The database is not running. */
export const layOut = (compose: Compose, backup: string, key: string, target: Target) =>
  inContainer(compose, unpack, { RECOVERY: recoverySettings(target) }, async (input) => {
    await unseal(join(backup, 'base.sealed'), key, input)
    input.end()
  })

// In any case it is recovered from the archive and promoted: what it writes from then on is on a timeline of
// its own, and never goes by the name of something that the archive holds already.
const recoverySettings = ({ to, timeline }: Target) => {
  const rest = `recovery_target_timeline = '${timeline}'\nrecovery_target_action = 'promote'\n`
  if (to === 'latest') return rest
  if (to === 'backup') return `recovery_target = 'immediate'\n${rest}`
  // Its reader knows no T and no Z.
  const moment = to.toISOString().replace('T', ' ').replace('Z', '+00')
  return `recovery_target_time = '${moment}'\n${rest}`
}

/**
 * Puts the log that was shipped since a backup into the archive, where it is missing there. The database may run
 * meanwhile.
 */
export const fillArchive = async (
  compose: Compose,
  folder: string,
  backup: string,
  key: string,
) => {
  const shipped = await shippedSince(folder, (await readAbout(backup)).firstWal)
  if (shipped.length === 0) return
  // Several tar files, one after the other, read as one.
  const script = 'tar -x -i -C /archive --skip-old-files'
  await inContainer(compose, script, {}, async (input) => {
    for (const file of shipped) await unseal(file, key, input)
    input.end()
  })
}

export const inContainer = (
  compose: Compose,
  script: string,
  environment: Record<string, string>,
  feed?: (input: Writable) => Promise<void>,
) => {
  const given = Object.entries(environment).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ])
  const words = [
    'run',
    '--rm',
    '--no-deps',
    '--no-TTY',
    ...given,
    '--entrypoint',
    'bash',
    'db',
    '-c',
  ]
  return compose.run([...words, script], feed && { feed })
}

/**
 * Starts the restored database and comes back when it takes writes. Whatever its passwords were, they are
 * those of this stack then.
 */
export const startRestored = async (compose: Compose, administratorPassword: string) => {
  await compose.run(['up', '--detach', '--no-deps', '--no-build', 'db'])
  while (!(await takesWrites(compose))) await wait(500)
  const quoted = administratorPassword.replaceAll("'", "''")
  await compose.sql(`set pg_stat_statements.track = none;
    alter role postgres password '${quoted}';
    alter system reset all`)
  await compose.run(['run', '--rm', '--no-deps', '--no-TTY', 'roles'])
}

// However long it takes: the log of a week is replayed in minutes. A database that has given up is an error.
const takesWrites = async (compose: Compose) => {
  const answer = await compose.sql('select pg_is_in_recovery()').catch(() => 'not yet')
  if (answer === 'f') return true
  const state = await compose.run(['ps', '--all', '--format', '{{.State}}', 'db'])
  if (state === 'exited' || state === 'restarting')
    throw new Error(
      `The database does not recover:\n${await compose.run(['logs', '--tail', '20', 'db'])}`,
    )
  return false
}

/** Runs the auditor on a stack of which only the database may be running; throws when it finds anything. */
export const audit = (compose: Compose) =>
  compose.run(['run', '--rm', '--no-deps', '--no-TTY', 'worker', 'app/backend/load/audit.ts'])

/** Where a database that was just recovered has arrived. */
export const arrival = (compose: Compose) =>
  compose.sql(String.raw`
    with now_on as (select left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline)
    select format('last commit %s, on timeline %s; timeline %s begins there',
             coalesce(pg_last_xact_replay_timestamp()::text, 'before the backup'),
             substring(pg_read_file(format('pg_wal/%s.history', timeline)) from '(\d+)\t[^\n]*\n*$'),
             ('x' || timeline)::bit(32)::int)
      from now_on`)

/** Of a database that is as it should be: from then on it is what the next restore keeps. */
export const accept = (compose: Compose) =>
  compose.run(['exec', '-T', 'db', 'bash', '-c', 'rm -f "$PGDATA"/restore-under-way'])
