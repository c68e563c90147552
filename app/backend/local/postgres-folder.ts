import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  chmod,
  chown,
  mkdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { reachable } from './postgres-binaries.ts'
import type { Binaries } from './postgres-binaries.ts'
import { runAs } from './postgres-user.ts'
import type { RunAs, SystemUser } from './postgres-user.ts'

const MAJOR = '18'

const run = promisify(execFile)

export type Cluster = { data: string; password: string; binaries: Binaries; as: RunAs }

type Preparation = {
  folder: string
  binaries: Binaries
  user: SystemUser | undefined
  fast: boolean
}

/** The cluster in `folder`, made if there is none. Throws a sentence when it cannot be used. */
export const prepareCluster = async (preparation: Preparation): Promise<Cluster> => {
  const { user } = preparation
  await mkdir(preparation.folder, { recursive: true })
  const folder = await realpath(preparation.folder)
  if (user) await chmod(folder, 0o711)
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  const binaries = await reachable(preparation.binaries, user)
  const as = await runAs(user, data)
  if (!existsSync(data)) await create({ ...preparation, binaries, as }, data, passwordFile)

  const { uid } = await stat(data)
  if (uid !== (user?.uid ?? process.getuid?.() ?? uid))
    throw unusable(folder, 'it belongs to another user of this machine')
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => '')
  if (version.trim() === '') throw unusable(folder, 'its file PG_VERSION is missing')
  if (version.trim() !== MAJOR)
    throw unusable(folder, `it is of PostgreSQL ${version.trim()}, this is ${MAJOR}`)
  const password = await readFile(passwordFile, 'utf8').catch(() => '')
  if (!password) throw unusable(folder, 'the file password beside it is missing')
  return { data, password, binaries, as }
}

export const unusable = (folder: string, why: string) =>
  new Error(
    `The data in ${folder} cannot be used (${why}). Start afresh with: npm start -- --reset`,
  )

// Made under another name first: an initdb that was interrupted leaves no half cluster behind.
const create = async (
  { binaries, user, fast, as }: Preparation & { as: RunAs },
  data: string,
  passwordFile: string,
) => {
  const fresh = `${data}.new`
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { mode: 0o700 })
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (user) for (const path of [fresh, passwordFile]) await chown(path, user.uid, user.gid)
  const [program, words, ids] = as(binaries.initdb, flags(fresh, passwordFile, fast))
  await run(program, words, {
    ...ids,
    env: { ...process.env, LC_ALL: 'C' },
  }).catch(explain)
  await rename(fresh, data)
}

// The built-in locale sorts the same on every machine, whatever its libc.
const flags = (data: string, passwordFile: string, fast: boolean) => [
  `--pgdata=${data}`,
  '--username=aeroflash',
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
  ...(fast ? ['--no-sync'] : []),
]

const explain = (error: Error & { stderr?: string }): never => {
  const said = (error.stderr || error.message).trim()
  if (said.includes('shared libraries'))
    throw new Error(
      'PostgreSQL is installed incompletely: its install script did not run. Run: npm rebuild',
    )
  throw new Error(`The database could not be made:\n${said}`, { cause: error })
}
