import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

export type SystemUser = { uid: number; gid: number }

/** How to run a program as that user: what to give to spawn. */
export type RunAs = (program: string, words: string[]) => [string, string[], SystemUser | object]

const run = promisify(execFile)

/** Whom PostgreSQL runs as: it refuses root, so root hands it to the user postgres. */
export const postgresUser = async (): Promise<SystemUser | undefined> => {
  if (process.getuid?.() !== 0) return undefined
  return (await find()) ?? (await create())
}

const find = async (): Promise<SystemUser | undefined> => {
  const ids = await Promise.all([
    run('id', ['-u', 'postgres']),
    run('id', ['-g', 'postgres']),
  ]).catch(() => undefined)
  return ids && { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) }
}

const create = async (): Promise<SystemUser> => {
  const asked = ['--system', '--user-group', '--no-create-home', 'postgres']
  await run('useradd', asked).catch(() => undefined)
  const created = await find()
  if (created) return created
  throw new Error(
    'PostgreSQL does not run as root, and the user postgres could not be made. ' +
      'Start as another user, or set DATABASE_URL.',
  )
}

/**
 * How to run PostgreSQL on that path. Where its user may not enter a folder on the way, as when root
 * has cloned into its home, it is lent root's right to pass.
 */
export const runAs = async (user: SystemUser | undefined, path: string): Promise<RunAs> => {
  if (!user) return (program, words) => [program, words, {}]
  const barred = await barrier(path, user)
  if (!barred) return (program, words) => [program, words, user]

  const lent = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override']
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups']
  await run('setpriv', [...ids, ...lent, 'true']).catch(() => {
    throw new Error(
      `PostgreSQL runs as the user postgres, since it refuses root, and may not enter ${barred}. ` +
        `Allow it with: chmod o+x ${barred} – or move AeroFlash elsewhere, or set DATABASE_URL.`,
    )
  })
  return (program, words) => ['setpriv', [...ids, ...lent, program, ...words], {}]
}

/** The first folder on the way to the path that the user may not enter. */
export const barrier = async (path: string, user: SystemUser): Promise<string | undefined> => {
  const parent = dirname(path)
  if (path === parent) return undefined
  const { mode, uid, gid } = await stat(parent)
  const enters = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  return (await barrier(parent, user)) ?? (mode & enters ? undefined : parent)
}
