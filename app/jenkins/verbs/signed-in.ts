import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * While the work lasts, Docker keeps what it signs in with in a folder of its own: an agent runs every branch, and
 * none may find a token that another build has left.
 */
export const withOwnSignIn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  const before = process.env.DOCKER_CONFIG
  const own = await mkdtemp(join(tmpdir(), 'aeroflash-docker-'))
  // Told to stop, Node would not come to the end of this.
  const stop = () => {
    rmSync(own, { recursive: true, force: true })
    process.exit(1)
  }
  for (const signal of signals) process.once(signal, stop)
  try {
    await takeOver(before ?? join(homedir(), '.docker'), own)
    process.env.DOCKER_CONFIG = own
    return await work()
  } finally {
    for (const signal of signals) process.off(signal, stop)
    if (before === undefined) delete process.env.DOCKER_CONFIG
    else process.env.DOCKER_CONFIG = before
    await rm(own, { recursive: true, force: true })
  }
}

const signals = ['SIGINT', 'SIGTERM'] as const

// Which engine is meant, and somebody's own plugins; no passwords, and no keychain to put one into.
const takeOver = async (usual: string, own: string) => {
  for (const name of ['cli-plugins', 'contexts']) await symlink(join(usual, name), join(own, name))
  const text = await readFile(join(usual, 'config.json'), 'utf8').catch(() => '{}')
  const { currentContext } = JSON.parse(text) as { currentContext?: string }
  await writeFile(join(own, 'config.json'), JSON.stringify({ currentContext }), { mode: 0o600 })
}
