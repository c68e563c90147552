import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Compose } from './compose.ts'
import { unseal } from './sealed.ts'

/** How far to go: to the backup's own end, as far as the archive leads, or to a moment. */
export type Target = 'backup' | 'latest' | Date

// What was there is kept beside it until the next time: a restore that was a mistake can be taken back.
const unpack = `
set -e
cd /var/lib/postgresql
if [ -e "$PGDATA/PG_VERSION" ]; then rm -rf before-restore; mv "$PGDATA" before-restore; fi
mkdir -p "$PGDATA"
chmod 700 "$PGDATA"
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
const recoverySettings = (target: Target) => {
  const promote = "recovery_target_action = 'promote'\n"
  if (target === 'latest') return promote
  if (target === 'backup') return `recovery_target = 'immediate'\n${promote}`
  // Its reader knows no T and no Z.
  const moment = target.toISOString().replace('T', ' ').replace('Z', '+00')
  return `recovery_target_time = '${moment}'\n${promote}`
}

/** Puts the log that was shipped with the backups into the archive, where it is missing there. */
export const fillArchive = async (compose: Compose, folder: string, key: string) => {
  const names = await readdir(join(folder, 'wal')).catch(() => [])
  const shipped = names.filter((name) => name.endsWith('.sealed')).toSorted()
  if (shipped.length === 0) return
  // Several tar files, one after the other, read as one.
  const script = 'tar -x -i -C /archive --skip-old-files'
  await inContainer(compose, script, {}, async (input) => {
    for (const name of shipped) await unseal(join(folder, 'wal', name), key, input)
    input.end()
  })
}

const inContainer = (
  compose: Compose,
  script: string,
  environment: Record<string, string>,
  feed: (input: Writable) => Promise<void>,
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
  return compose.run([...words, script], { feed })
}

/**
 * Starts the restored database and comes back when it takes writes. Whatever its passwords were, they are
 * those of this stack then.
 */
export const startRestored = async (compose: Compose, administratorPassword: string) => {
  await compose.run(['up', '--detach', '--no-deps', '--no-build', 'db'])
  while (!(await takesWrites(compose))) await wait(500)
  const quoted = administratorPassword.replaceAll("'", "''")
  await compose.sql(`set pg_stat_statements.track = none; alter role postgres password '${quoted}'`)
  await compose.sql('alter system reset all')
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
