import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool } from '../kernel/connections.ts'
import { migrate } from '../kernel/migrate.ts'
import { startPostgres } from '../local/postgres.ts'
import type { Postgres } from '../local/postgres.ts'
import { startChild } from './children.ts'
import type { Child, Ready } from './children.ts'

export type Api = {
  /** Changes when it is started again. */
  readonly url: string
  readonly metricsUrl: string
  /** kill -9, and a new process in its place. */
  crash(): Promise<void>
  stop(): Promise<void>
}

type Settings = Record<string, string>

export type Stack = {
  /** The settings of a process of the product on that database. */
  environmentOn(databaseUrl: string): Promise<Record<string, string>>
  /** A migrated database on a PostgreSQL of its own, which is started for the first one. */
  createDatabase(name: string, fill: (url: string) => Promise<unknown>): Promise<string>
  startApi(databaseUrl: string, more?: Settings): Promise<Api>
  startWorker(databaseUrl: string): Promise<{ metricsUrl: string }>
  /** Whatever else runs beside it and must end with it. */
  keep<Part extends { stop(): Promise<unknown> }>(start: () => Promise<Part>): Promise<Part>
}

export type Secrets = Record<
  'AUTH_SECRET' | 'PAYMENT_GATEWAY_KEY' | 'PAYMENT_WEBHOOK_SECRET',
  string
>

/** Connections of each process, as the product has it unless told otherwise. */
const POOL_MAX = 10

/** As large as the pool of a process of the stack, and without anything of ours around it. */
export const barePool = (connectionString: string) => {
  const pool = openPool({
    connectionString,
    maxConnections: POOL_MAX,
    applicationName: 'aeroflash-load',
  })
  // Ctrl-C stops the database under connections that wait.
  pool.on('error', () => undefined)
  return pool
}

/** The product's own processes for as long as `work` takes. Leaves nothing behind, Ctrl-C included. */
export const withStack = async <Result>(
  work: (stack: Stack) => Promise<Result>,
  settings: Settings = {},
) => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-load-'))
  const cleanup = createCleanup()
  cleanup.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const onSignal = () => void cleanup.end().then(() => process.exit(130))
  for (const signal of signals) process.on(signal, onSignal)
  try {
    return await work(openStack(folder, cleanup, settings))
  } finally {
    await cleanup.end()
    for (const signal of signals) process.off(signal, onSignal)
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const ignore = () => undefined

type Cleanup = ReturnType<typeof createCleanup>

const createCleanup = () => {
  const steps: (() => Promise<unknown>)[] = []
  let ending: Promise<void> | undefined
  const run = async () => {
    // Whoever loses what is being taken away must not stop the taking away.
    process.on('uncaughtException', ignore)
    for (let step = steps.pop(); step; step = steps.pop())
      await step().catch(({ message }: Error) => console.error(message))
    process.off('uncaughtException', ignore)
  }
  return {
    /** What is being started has its place already: an end in the meantime waits for it. */
    add: (step: () => Promise<unknown>) => void steps.push(step),
    end: () => (ending ??= run()),
    refuseWhileEnding: () => {
      if (ending) throw new Error('interrupted')
    },
  }
}

const openStack = (folder: string, cleanup: Cleanup, settings: Settings): Stack => {
  const secrets = {
    AUTH_SECRET: newSecret(),
    PAYMENT_GATEWAY_KEY: newSecret(),
    PAYMENT_WEBHOOK_SECRET: newSecret(),
  }
  let postgres: Promise<Postgres> | undefined
  let partners: Promise<Child> | undefined
  let count = 0

  const started = <Part extends { stop(): Promise<unknown> }>(start: () => Promise<Part>) => {
    cleanup.refuseWhileEnding()
    const starting = start()
    cleanup.add(() => starting.then((part) => part.stop()).catch(() => undefined))
    return starting
  }

  const start = (file: string, environment: Record<string, string>) => {
    const logFile = join(folder, `${++count}-${file.replace(/\W/g, '-')}.log`)
    return started(() => startChild({ file, environment, logFile }))
  }

  const environmentOn = async (databaseUrl: string) => {
    partners ??= start('partners/server.ts', { ...settings, ...secrets })
    const { port, smtp_port } = (await partners).ready
    return {
      ...secrets,
      DATABASE_URL: databaseUrl,
      PAYMENT_GATEWAY_URL: `http://127.0.0.1:${port}/payments`,
      SMTP_URL: `smtp://127.0.0.1:${smtp_port}`,
      DB_POOL_MAX: String(POOL_MAX),
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: '0',
      // The database is filled already; a worker that publishes two months more would be load, too.
      SCHEDULE_DAYS: '1',
      ...settings,
    }
  }

  return {
    environmentOn,
    keep: started,
    createDatabase: async (name, fill) => {
      // Durable, as the product runs it: what was answered must survive a crash.
      postgres ??= started(() => startPostgres({ folder }))
      const server = await postgres
      const url = server.url(name)
      await server.ensureDatabase(name)
      await migrate(url)
      await fill(url)
      return url
    },
    startApi: async (databaseUrl, more) => {
      const environment = { ...(await environmentOn(databaseUrl)), ...more }
      return restartable(() => start('api.ts', environment))
    },
    startWorker: async (databaseUrl) => {
      const { ready } = await start('worker.ts', await environmentOn(databaseUrl))
      return { metricsUrl: metricsOf(ready) }
    },
  }
}

const newSecret = () => randomBytes(24).toString('hex')

const metricsOf = ({ metrics_port }: Ready) => `http://127.0.0.1:${metrics_port}/metrics`

const restartable = async (start: () => Promise<Child>): Promise<Api> => {
  let child = await start()
  return {
    get url() {
      return `http://127.0.0.1:${child.ready.port}`
    },
    get metricsUrl() {
      return metricsOf(child.ready)
    },
    crash: async () => {
      await child.kill()
      child = await start()
    },
    stop: () => child.stop(),
  }
}
