import { refusalsOf } from '../migrations/check.ts'
import type { Migration } from '../migrations/check.ts'
import type { Build } from './history.ts'
import type { Needs, Running } from './needs.ts'
import { sourcesIn } from './sources.ts'
import type { Source } from './sources.ts'

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
  return pending.map(({ name }) => name)
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
