import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../release/command.ts'

const folder = fileURLToPath(new URL('bad-builds/', import.meta.url))

export const badBuilds = ['errs', 'is-slow', 'is-never-ready'] as const

type Build = {
  /** The image that it is made of. */
  base: string
  version: string
  /** A module that is loaded first, and does harm; or makes it as an older version was. */
  bad?: (typeof badBuilds)[number] | 'knows-no-signal'
  /** A migration that comes with it. */
  migration?: string
}

const PRELOADED = '/aeroflash/app/backend/preloaded.ts'
const MIGRATION = '/aeroflash/app/backend/migrations/29991231000000_offers__release_test.sql'

/** The product's image under another version; with something real that is wrong with it, when asked. */
export const makeBuild = async ({ base, version, bad, migration }: Build) => {
  const context = await mkdtemp(join(tmpdir(), 'aeroflash-build-'))
  const image = `aeroflash-api:${version}`
  const lines = [
    `FROM ${base}`,
    `ENV VERSION=${version} COMMIT=test`,
    `LABEL org.opencontainers.image.version=${version} org.opencontainers.image.revision=test`,
  ]
  try {
    await mkdir(join(context, 'files'))
    if (bad !== undefined) {
      await copyFile(join(folder, `${bad}.ts`), join(context, 'files/preloaded.ts'))
      lines.push(`COPY files/preloaded.ts ${PRELOADED}`, `ENV NODE_OPTIONS=--import=${PRELOADED}`)
    }
    if (migration !== undefined) {
      await writeFile(join(context, 'files/migration.sql'), migration)
      lines.push(`COPY files/migration.sql ${MIGRATION}`)
    }
    await writeFile(join(context, 'Dockerfile'), `${lines.join('\n')}\n`)
    await run('docker', ['build', '--quiet', '--tag', image, context])
    return image
  } finally {
    await rm(context, { recursive: true })
  }
}

export const removeBuild = (image: string) =>
  run('docker', ['image', 'rm', '--force', image]).catch(() => '')

/** All whose name is like that. */
export const removeBuilds = async (pattern: string) => {
  const ls = [
    'image',
    'ls',
    '--filter',
    `reference=${pattern}`,
    '--format',
    '{{.Repository}}:{{.Tag}}',
  ]
  const names = (await run('docker', ls)).split('\n').filter(Boolean)
  for (const name of names) await removeBuild(name)
}

const LABEL = 'com.docker.compose.project'

/** What a stack of a test built and another has built since: images without a name, which nobody would remove. */
export const removeNameless = async () => {
  const nameless = ['--filter', 'dangling=true', '--filter', `label=${LABEL}`]
  const ids = (await run('docker', ['image', 'ls', '--quiet', '--no-trunc', ...nameless]))
    .split('\n')
    .filter(Boolean)
  if (ids.length === 0) return
  const format = `{{.Id}} {{index .Config.Labels "${LABEL}"}}`
  const found = await run('docker', ['image', 'inspect', '--format', format, ...new Set(ids)])
  const ours = found.split('\n').filter((line) => / aeroflash-[a-z]+-\d+$/.test(line))
  // One that a container of another test uses stays.
  for (const line of ours)
    await run('docker', ['image', 'rm', line.split(' ')[0]!]).catch(() => undefined)
}
