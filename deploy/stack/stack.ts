import { execFile, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { writeEnvironment } from '../env.ts'
import { removeNameless } from './builds.ts'
import { engineIsHere } from './engine.ts'

const run = promisify(execFile)

export const repository = fileURLToPath(new URL('../..', import.meta.url))

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024

/** Runs a program in the repository; what it printed, or an error that holds what it printed. */
export const shell = async (program: string, words: string[], environment: Values = {}) => {
  try {
    const env = { ...process.env, ...environment }
    const { stdout } = await run(program, words, {
      cwd: repository,
      env,
      maxBuffer: OUTPUT_BYTES_MAX,
    })
    return stdout.trim()
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    const said = `${stdout.slice(-4000)}\n${stderr.slice(-4000)}`
    throw new Error(`${program} ${words.slice(0, 6).join(' ')} …\n${said}`, { cause: error })
  }
}

type Values = Record<string, string>

export const docker = (...words: string[]) => shell('docker', words)

const succeeds = (words: string[]) => spawnSync('docker', words, { stdio: 'ignore' }).status === 0

/** Whether an engine answers; if none does, the suites' titles say so, and standard error once more. */
export const hasDocker = succeeds(['info']) && succeeds(['compose', 'version'])
if (!hasDocker)
  process.stderr.write('not run: all that needs a Docker engine (npm run images:base)\n')
export const titleOf = (title: string) =>
  hasDocker ? title : `${title} (not run: no Docker engine)`

const BUSY_PER_CORE = 1.5

/**
 * How much longer things may take: figures are promised for a machine that does nothing else. On a busy one
 * they are said, and only looked at from afar.
 */
export const patience = () => {
  const perCore = loadavg()[0]! / availableParallelism()
  if (perCore < BUSY_PER_CORE) return 1
  process.stderr.write(
    `the machine is busy (${perCore.toFixed(1)} wait for each core): times are not judged\n`,
  )
  return 10
}

export type Stack = Awaited<ReturnType<typeof prepareStack>>

/** A stack with a name, ports and secrets of its own. Nothing runs yet, but all of it can be removed. */
export const prepareStack = async (name: string, settings: Values = {}) => {
  const project = `aeroflash-${name}-${process.pid}`
  const folder = mkdtempSync(join(tmpdir(), `${project}-`))
  const settingsFile = join(folder, '.env')
  writeEnvironment(settingsFile, { SECRETS: join(folder, 'secrets') })
  const ports = await portsFor([
    'SITE',
    'HTTPS',
    'PARTNERS',
    'PROMETHEUS',
    'ALERTMANAGER',
    'GRAFANA',
    'LOKI',
  ])
  const all: Values = {
    ...ports,
    COMPOSE_PROJECT_NAME: project,
    PUBLIC_URL: `http://localhost:${ports.SITE_PORT}`,
    TLS: join(folder, 'tls'),
    ACME: join(folder, 'acme'),
    BACKUPS: join(folder, 'backups'),
    // There is no Loki here, and the tests come as many clients from one address.
    LOKI_URL: '',
    TRUSTED_PROXY: '0.0.0.0/0',
    ...settings,
  }
  appendFileSync(
    settingsFile,
    Object.entries(all)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )

  const compose = (...words: string[]) => docker('compose', '--env-file', settingsFile, ...words)
  const inspect = async (name: string) =>
    (JSON.parse(await docker('inspect', name)) as Inspected[])[0]!

  return {
    project,
    folder,
    settingsFile,
    compose,
    inspect,
    siteUrl: `http://127.0.0.1:${ports.SITE_PORT}`,
    ports,
    up: async (...services: string[]) => {
      const startedAt = performance.now()
      await compose('up', '--detach', '--no-build', '--quiet-pull', '--wait', ...services)
      return (performance.now() - startedAt) / 1000
    },
    containers: async () => (await compose('ps', '--all', '--quiet')).split('\n').filter(Boolean),
    /** kill -9 from outside, as the kernel does: `docker kill` would count as stopped on purpose. */
    crash: async (name: string) => {
      const { State } = await inspect(name)
      // Another machine's number is somebody else's here; of what has ended it is 0, and that is us.
      if (!engineIsHere || State.Pid === 0) throw new Error(`${name} has no process here to kill.`)
      process.kill(State.Pid, 'SIGKILL')
    },
    /** SQL as the database's administrator. */
    sql: (statement: string) =>
      compose('exec', '-T', 'db', ...'psql -XqAt -d aeroflash -c'.split(' '), statement),
    /** The auditor, with the rights of the product; throws, with what it found, when anything is broken. */
    audit: () => compose('exec', '-T', 'worker', 'node', 'app/backend/load/audit.ts'),
    /** For a stack of which nothing was started. */
    forget: () => rmSync(folder, { recursive: true, force: true }),
    remove: async () => {
      await compose(
        '--profile',
        '*',
        'down',
        '--volumes',
        '--remove-orphans',
        '--timeout',
        '1',
      ).catch((error: Error) => process.stderr.write(`${error.message}\n`))
      await removeNameless().catch((error: Error) => process.stderr.write(`${error.message}\n`))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Inspected = {
  Name: string
  Image: string
  RestartCount: number
  Config: { Image: string; User: string; Env: string[]; Labels: Record<string, string> }
  State: {
    Pid: number
    Status: string
    ExitCode: number
    StartedAt: string
    Health?: { Status: string }
  }
  HostConfig: {
    ReadonlyRootfs: boolean
    CapAdd: string[] | null
    CapDrop: string[] | null
    SecurityOpt: string[] | null
    Memory: number
    Privileged: boolean
    RestartPolicy: { Name: string }
    LogConfig: { Config: Record<string, string> }
    PortBindings: Record<string, { HostIp: string; HostPort: string }[]> | null
  }
}

// Below the range from which clients' connections get theirs: one of them could have taken it by then.
const portsFor = async (names: string[]) => {
  const entries: [string, string][] = []
  let port = 20_000 + (process.pid % 500) * 20
  for (const name of names) {
    do port += 1
    while (!(await isFree(port)))
    entries.push([`${name}_PORT`, String(port)])
  }
  return Object.fromEntries(entries) as Record<string, string>
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
