import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { composeOf } from './compose.ts'
import type { Compose } from './compose.ts'
import { audit, fillArchive, layOut, startRestored } from './database.ts'
import type { Target } from './database.ts'
import { verify } from './sealed.ts'
import { findBackup, readSettings } from './stored.ts'
import type { Settings } from './stored.ts'

const USAGE = `npm run restore -- [backup|latest] [--to latest|backup|2026-11-22T10:00:00Z] --replace

  Takes the database back to a backup, or on from it to a moment. Everything that writes is stopped
  meanwhile. What is there now is kept in the data volume as before-restore, until the next time.`

/** Takes the database of a stack back; comes back when it takes writes again and the auditor has seen it. */
export const restore = async (
  compose: Compose,
  settings: Settings,
  backup: string,
  target: Target,
) => {
  // Before anything is stopped.
  await verify(join(backup, 'base.sealed'), settings.key)
  await compose.run(['stop', ...writers])
  await archiveTheRest(compose)
  await compose.run(['rm', '--stop', '--force', 'db'])
  await layOut(compose, backup, settings.key, target)
  await fillArchive(compose, settings.folder, settings.key)
  await startRestored(compose, settings.values.POSTGRES_PASSWORD!)
  await audit(compose)
}

// In the order in which they stop asking each other.
const writers = ['nginx', 'api-blue', 'api-green', 'worker']

// Where the database still answers, the last minute is saved too.
const archiveTheRest = (compose: Compose) =>
  compose
    .sql('select pg_switch_wal()')
    .then(() => compose.run(['stop', 'db']))
    .catch(() => undefined)

const targetOf = (said = 'latest'): Target => {
  if (said === 'latest' || said === 'backup') return said
  const date = new Date(said)
  if (Number.isNaN(date.getTime())) throw new Error(`${said} is no moment.\n\n${USAGE}`)
  return date
}

const main = async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { to: { type: 'string' }, replace: { type: 'boolean' } },
  })
  if (!values.replace) throw new Error(USAGE)
  const settings = readSettings()
  const compose = composeOf(settings.file)
  const backup = await findBackup(settings.folder, positionals[0])
  const startedAt = performance.now()
  await restore(compose, settings, backup, targetOf(values.to))
  await compose.run(['up', '--detach', '--no-build'])
  console.log(
    `Restored from ${backup} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`,
  )
}

if (import.meta.main)
  await main().catch(({ message }: Error) => {
    console.error(message)
    process.exitCode = 1
  })
