import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** Nginx in the foreground, with what it writes in two files of the folder, which is also its prefix. */
export const launch = async (binary: string, folder: string) => {
  // Files, not pipes: Node's are sockets, and /dev/stdout cannot be opened anew when it is one.
  const out = await open(join(folder, 'stdout'), 'a')
  const errors = await open(join(folder, 'stderr'), 'a')
  // As root it would hand its work to a user who may not look into our folders.
  const user = process.getuid?.() === 0 ? ' user root;' : ''
  const child = spawn(
    binary,
    ['-p', `${folder}/`, '-c', join(folder, 'etc/nginx.conf'), '-g', `daemon off;${user}`],
    { stdio: ['ignore', out.fd, errors.fd] },
  )
  await Promise.all([out.close(), errors.close()])
  return { child, stop: guard(child, folder) }
}

// Ends it and removes its folder when this process says so, or is gone, however it went.
const lastWill = `cat
kill "$0" 2> /dev/null
for _ in $(seq 500); do kill -0 "$0" 2> /dev/null || break; sleep 0.02; done
rm -rf "$1"`

const guard = (child: ChildProcess, folder: string) => {
  const executor = spawn('sh', ['-c', lastWill, String(child.pid), folder], {
    // A group of its own: Ctrl-C must not end it first.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  return async () => {
    executor.stdin.end()
    if (executor.exitCode === null) await once(executor, 'exit')
  }
}

/**
 * Comes back when only new workers take requests; old ones may still be finishing theirs. Throws what
 * Nginx said of a configuration that it does not take up.
 */
export const reload = async (child: ChildProcess, errors: () => Promise<string>) => {
  const before = new Set(await workersOf(child))
  const said = (await errors()).length
  child.kill('SIGHUP')
  await until(async () => {
    const refusal = (await errors()).slice(said)
    if (refusal.includes('[emerg]')) throw new Error(refusal)
    const now = await workersOf(child)
    return now.length > 0 && now.every((pid) => !before.has(pid))
  }, 'nginx does not begin new workers')
}

// A worker that is finishing has another title.
const workersOf = async ({ pid }: ChildProcess) => {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const workers: string[] = []
  for (const worker of children.trim().split(' ')) {
    const title = await readFile(`/proc/${worker}/cmdline`, 'utf8').catch(() => '')
    if (/worker process\0*$/.test(title)) workers.push(worker)
  }
  return workers
}

// Below those that systems give out by themselves: on one of theirs, a client that asks for a server
// which has just died can be connected to itself.
const FIRST_PORT = 20_000
const PORTS_EACH = 500
const PROCESSES = 24

// Files of tests run side by side, in processes that Vitest numbers: each has ports of its own, in turn, so that none
// is given twice before somebody listens on it.
const ownFirst = FIRST_PORT + (Number(process.env.VITEST_POOL_ID ?? 0) % PROCESSES) * PORTS_EACH
let given = Math.floor(Math.random() * PORTS_EACH)

/** A port that nobody listens on; somebody else may take it before it is used. */
export const lowPort = async (): Promise<number> => {
  given += 1
  const port = ownFirst + (given % PORTS_EACH)
  const server = createServer().listen(port, '127.0.0.1')
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  )
  if (!isFree) return lowPort()
  server.close()
  await once(server, 'close')
  return port
}

const LOOK_MS = 25
const LOOKS_MAX = 400

export const until = async <Result>(
  look: () => Promise<Result> | Result,
  otherwise: string,
): Promise<NonNullable<Result>> => {
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const found = await look()
    if (found) return found
    await wait(LOOK_MS)
  }
  throw new Error(otherwise)
}
