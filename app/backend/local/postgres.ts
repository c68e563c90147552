import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client, escapeIdentifier } from 'pg'
import { freePort } from './ports.ts'
import { findBinaries } from './postgres-binaries.ts'
import { prepareCluster, unusable } from './postgres-folder.ts'
import { launch, stopLeftover } from './postgres-process.ts'
import type { Server } from './postgres-process.ts'
import { postgresUser } from './postgres-user.ts'
import { commandOf } from './processes.ts'

export type Postgres = {
  port: number
  url(database: string): string
  /** Creates the database unless it is there, with pg_stat_statements in it. */
  ensureDatabase(name: string): Promise<void>
  stop(): Promise<void>
  /** Stops and starts again on the same port, as a database does under its clients. */
  restart(): Promise<void>
  /** Ends the server as a crash would; `restart` brings it back. */
  kill(): Promise<void>
  /** Settles when the server ends, asked or not. */
  ended(): Promise<void>
}

export type PostgresOptions = {
  folder: string
  port?: number
  /** For data that is thrown away: no fsync, and the folder goes when this process ends. */
  fast?: boolean
  logFile?: string
}

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_preload_libraries: 'pg_stat_statements',
  shared_buffers: '128MB',
  max_connections: '200',
  track_io_timing: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** A PostgreSQL of our own, on the loopback only. Throws a sentence that says what to do. */
export const startPostgres = async (options: PostgresOptions): Promise<Postgres> => {
  const { folder, fast = false, logFile = join(folder, 'postgres.log') } = options
  const [found, user] = await Promise.all([findBinaries(), postgresUser()])
  const cluster = await prepareCluster({ folder, binaries: found, user, fast })
  await stopLeftover(cluster.data)

  const port = options.port ?? (await freePort())
  const guard = startGuard(cluster.data, fast ? folder : undefined)
  const flags = fast ? { ...settings, ...careless } : settings
  const start = async () => {
    const server = await launch({ ...cluster, port, settings: flags, logFile })
    guard.watch(server.pid)
    await server.ready.catch(async (error: Error) => {
      await end(server)
      throw explain(error, folder, port)
    })
    return server
  }
  const server = await start().catch((error: Error) => {
    guard.dismiss()
    throw error
  })
  return handle({ server, start, dismiss: guard.dismiss, port, password: cluster.password })
}

type Running = {
  server: Server
  start: () => Promise<Server>
  dismiss: () => void
  port: number
  password: string
}

const handle = ({ start, dismiss, port, password, ...running }: Running): Postgres => {
  let { server } = running
  const url = (database: string) => `postgres://aeroflash:${password}@127.0.0.1:${port}/${database}`
  return {
    port,
    url,
    ensureDatabase: (name) => ensureDatabase(url, name),
    stop: async () => {
      await end(server)
      dismiss()
    },
    restart: async () => {
      await end(server)
      server = await start()
    },
    kill: async () => {
      const served = await processesOf(url('postgres'))
      server.signal('SIGKILL')
      await server.exited
      await untilGone(served)
    },
    ended: () => server.exited,
  }
}

const processesOf = async (connectionString: string) => {
  let pids: number[] = []
  await query(connectionString, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity')
    pids = rows.map(({ pid }) => pid)
  })
  return pids
}

const GONE_MS_MAX = 10_000

// They end by themselves once their server has, and until they notice they may answer one more request.
const untilGone = async (pids: number[]) => {
  for (const until = Date.now() + GONE_MS_MAX; Date.now() < until; await wait(20)) {
    const commands = await Promise.all(pids.map(commandOf))
    if (commands.every((command) => !command.startsWith('postgres:'))) return
  }
}

const startGuard = (data: string, throwAway?: string) => {
  const guardFile = fileURLToPath(new URL('./postgres-guard.ts', import.meta.url))
  const guard = spawn(process.execPath, [guardFile, data, ...(throwAway ? [throwAway] : [])], {
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.unref()
  guard.stdin.on('error', () => undefined)
  return {
    watch: (pid: number) => void guard.stdin.write(`${pid}\n`),
    dismiss: () => void guard.stdin.end('done\n'),
  }
}

const explain = ({ message: log }: Error, folder: string, port: number) => {
  const said = /(?:FATAL|PANIC): *(.*)/.exec(log)?.[1] ?? log.split('\n').at(-1) ?? ''
  if (/address already in use/i.test(log)) return new Error(`Port ${port} is in use.`)
  if (/no space left|cannot allocate|resource temporarily|permission denied/i.test(log))
    return new Error(`PostgreSQL did not start: ${log.split('\n').at(-1)}`)
  return unusable(folder, said)
}

const ensureDatabase = async (url: (database: string) => string, name: string) => {
  await query(url('postgres'), async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [name])
    if (found.rowCount === 0) await client.query(`create database ${escapeIdentifier(name)}`)
  })
  await query(url(name), (client) =>
    client.query('create extension if not exists pg_stat_statements'),
  )
}

const query = async (connectionString: string, work: (client: Client) => Promise<unknown>) => {
  const client = new Client({ connectionString })
  await client.connect()
  await work(client).finally(() => client.end())
}

const end = async (server: Server) => {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    server.signal(signal)
    const exited = server.exited.then(() => true)
    if (await Promise.race([exited, wait(10_000, false, { ref: false })])) return
  }
}
