import { CANNOT_SERVE_AGAIN } from '../said.ts'
import { missedBy, refusalsOf } from '../migrations/check.ts'
import type { Migration } from '../migrations/check.ts'
import { historyOf } from './history.ts'
import type { Build } from './history.ts'
import type { Needs, Running } from './needs.ts'
import { sourcesIn } from './sources.ts'
import type { Source } from './sources.ts'

type Some = Pick<Needs, 'environment' | 'docker' | 'say'>

const MIGRATE_SECONDS_MAX = 600

/** Those that the running version does not know. Throws when it could not live with what they do. */
export const checkMigrations = async (needs: Needs, running: Running, fresh: Build) => {
  const [ours, theirs] = await Promise.all([
    sourcesIn(needs, running.build.id),
    sourcesIn(needs, fresh.id),
  ])
  const known = new Set(migrationsIn(ours).map(({ name }) => name))
  const pending = migrationsIn(theirs).filter(({ name }) => !known.has(name))
  const refusals = refusalsOf(pending, (word) => usageIn(ours, word))
  if (refusals.length > 0)
    throw new Error(
      `${running.build.version}, which serves, could not live with the migrations:\n  ${refusals.join('\n  ')}`,
    )
  refuseMissed(fresh, ours, theirs)
  const history = await historyOf(needs.environment.stateFolder)
  if (history.some(({ id }) => id === fresh.id)) await checkGoingBack(needs, running, fresh)
  return pending.map(({ name }) => name)
}

/**
 * Throws when contracts have taken away what the build to go back to uses. The schema is as the newest
 * build left it, which need not be the running one: that may have been gone back to as well.
 */
export const checkGoingBack = async (
  needs: Some,
  running: Pick<Running, 'build'>,
  to: Build,
): Promise<void> => {
  const theirs = await sourcesIn(needs, to.id)
  refuseMissed(to, await sourcesIn(needs, running.build.id), theirs)
  for (const build of await migratedSince(needs, running, to)) {
    const sources = await sourcesIn(needs, build.id).catch(() => {
      needs.say(`what ${build.version} did to the schema is not known: its image is gone`)
      return []
    })
    refuseMissed(to, sources, theirs)
  }
}

/** Throws when contracts in these sources, of which the build does not know, took away what it uses. */
const refuseMissed = (build: Build, done: Source[], theirs: Source[]) => {
  const known = new Set(migrationsIn(theirs).map(({ name }) => name))
  const ahead = migrationsIn(done).filter(({ name }) => !known.has(name))
  const missed = missedBy(ahead, (word) => usageIn(theirs, word))
  if (missed.length > 0)
    throw new Error(`${build.version} ${CANNOT_SERVE_AGAIN}: ${missed.join('\n  ')}`)
}

/** Other builds whose migrations may have run after those of `to`: also of one that was taken back. */
const migratedSince = async (
  { environment }: Some,
  { build }: Pick<Running, 'build'>,
  to: Build,
) => {
  const history = await historyOf(environment.stateFolder)
  const since = history.slice(history.findIndex(({ id }) => id === to.id) + 1)
  const others = since.filter((entry) => entry.id !== to.id && entry.id !== build.id)
  const migrated = others.filter(({ result }) => result === 'expanded')
  return new Map(migrated.map((entry) => [entry.id, entry])).values()
}

const migrationsIn = (sources: Source[]): Migration[] =>
  sources
    .filter(({ path }) => path.endsWith('.sql'))
    .map(({ path, text }) => ({ name: path.split('/').at(-1)!, text }))

const usageIn = (sources: Source[], word: string) =>
  sources
    .filter(({ path }) => path.endsWith('.ts'))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, n) => (new RegExp(`\\b${word}\\b`).test(line) ? [`${path}:${n + 1}`] : [])),
    )

/** Expands the schema for the new version; the running one goes on. Throws what PostgreSQL said. */
export const migrate = async ({ docker }: Needs, { image }: Build) => {
  const environment = { MIGRATE_IMAGE: image }
  try {
    await docker.compose(['run', '--rm', '--no-deps', '-T', 'migrate'], {
      environment,
      timeoutSeconds: MIGRATE_SECONDS_MAX,
    })
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    const [, sentence] = /^error: (.*)$/m.exec(said) ?? []
    throw new Error(`a migration failed: ${sentence ?? said}`, { cause: error })
  }
}
