import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { composeOf } from './compose.ts'
import type { Compose } from './compose.ts'
import { accept, arrival, audit, fillArchive, layOut, startRestored } from './database.ts'
import type { Target } from './database.ts'
import { verify } from './sealed.ts'
import { findBackup, readAbout, readSettings } from './stored.ts'
import type { Settings } from './stored.ts'
import { refuseAbandoned } from './timelines.ts'

const USAGE = `npm run restore -- [backup|latest] [--to latest|backup|2026-11-22T10:00:00Z] [--timeline latest|2] --replace

  Takes the database back to a backup, or on from it to a moment. Everything that writes is stopped
  meanwhile. What is there now is kept in the data volume as before-restore, until the next time.

  Whoever has gone back in time before has more than one timeline: what was then left, and what came
  after. A moment is looked for on that of the backup, unless --timeline names another; --to latest
  follows the newest.`

/**
 * Takes the database of a stack back; comes back, with where it arrived, when it takes writes again and the
 * auditor has seen it.
 */
export const restore = async (
  compose: Compose,
  settings: Settings,
  backup: string,
  target: Target,
) => {
  // Before anything is stopped.
  await verify(join(backup, 'base.sealed'), settings.key)
  await fillArchive(compose, settings.folder, backup, settings.key)
  await refuseAbandoned(compose, backup, target.timeline)

  await compose.run(['stop', ...writers])
  await archiveTheRest(compose)
  await compose.run(['rm', '--stop', '--force', 'db'])
  try {
    await layOut(compose, backup, settings.key, target)
    await startRestored(compose, settings.values.POSTGRES_PASSWORD!)
    const arrived = await arrival(compose)
    await audit(compose)
    await accept(compose)
    return arrived
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${FAILED}`, { cause: error })
  }
}

const FAILED = `The restore failed; the site is stopped. Restore once more, or take back what was there before
(deploy/stack/README.md, "Back in time").`

// In the order in which they stop asking each other.
const writers = ['nginx', 'api-blue', 'api-green', 'worker']

// Where the database still answers, the last minute is saved too; with one more commit, for a moment after the
// last one is looked for until a later one is met.
const archiveTheRest = (compose: Compose) =>
  compose
    .sql('select pg_current_xact_id(); select pg_switch_wal()')
    .then(() => compose.run(['stop', 'db']))
    .catch(() => undefined)

const targetOf = (to = 'latest', timeline?: string): Target => {
  if (timeline !== undefined && !/^(latest|[1-9]\d*)$/.test(timeline))
    throw new Error(`${timeline} is no timeline.\n\n${USAGE}`)
  if (to === 'latest') return { to, timeline: timeline ?? 'latest' }
  if (to === 'backup') return { to, timeline: timeline ?? 'current' }
  const date = new Date(to)
  if (Number.isNaN(date.getTime())) throw new Error(`${to} is no moment.\n\n${USAGE}`)
  return { to: date, timeline: timeline ?? 'current' }
}

const refuseImpossible = async (backup: string, { to }: Target) => {
  if (!(to instanceof Date)) return
  const { takenAt, finishedAt = takenAt } = await readAbout(backup)
  if (to < new Date(finishedAt))
    throw new Error(
      `${to.toISOString()} is before ${basename(backup)} was finished (${finishedAt}): nothing leads back from a backup. Name an older one.`,
    )
  if (to.getTime() > Date.now()) throw new Error(`${to.toISOString()} is yet to come.`)
}

const main = async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      timeline: { type: 'string' },
      replace: { type: 'boolean' },
    },
  })
  if (!values.replace) throw new Error(USAGE)
  const settings = readSettings()
  const compose = composeOf(settings.file)
  const backup = await findBackup(settings.folder, positionals[0])
  const target = targetOf(values.to, values.timeline)
  await refuseImpossible(backup, target)
  const startedAt = performance.now()
  const arrived = await restore(compose, settings, backup, target)
  await compose.run(['up', '--detach', '--no-build'])
  console.log(
    `Restored from ${backup} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${arrived}.`,
  )
}

if (import.meta.main)
  await main().catch(({ message }: Error) => {
    console.error(message)
    process.exitCode = 1
  })
