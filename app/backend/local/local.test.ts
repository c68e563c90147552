import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { commandOf } from './processes.ts'

const program = fileURLToPath(new URL('../local.ts', import.meta.url))

vi.setConfig({ testTimeout: 60_000 })

const folder = await mkdtemp(join(tmpdir(), 'aeroflash-local-'))
await chmod(folder, 0o755)
afterAll(() => rm(folder, { recursive: true, force: true }))

const [port, metricsPort] = [await freePort(), await freePort()]

/** `npm start` in a folder of the test's own. */
const run = (words: string[] = [], environment: Record<string, string> = {}) => {
  const { DATABASE_URL: _, ...inherited } = process.env
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...inherited,
      AEROFLASH_DATA: folder,
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      SCHEDULE_DAYS: '3',
      ...environment,
    },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const until = async (words: string) => {
    while (!said.includes(words)) {
      if (child.exitCode !== null) throw new Error(`ended without saying "${words}": ${said}`)
      await wait(50)
    }
  }
  return { pid: child.pid ?? 0, said: () => said, until, ended, signal: child.kill.bind(child) }
}

const refused = async (words: string[] = [], environment: Record<string, string> = {}) => {
  const attempt = run(words, environment)
  const code = await attempt.ended
  return { code, said: attempt.said() }
}

const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).then(({ status }) => status)

const passwordOf = (said: string) => /passenger@\S+ +(\S+)/.exec(said)?.[1]

// Elsewhere a test cannot see the environment of a process, by which we know ours.
const onLinux = test.runIf(process.platform === 'linux')

/** Every process whose command or environment names the test's folder. */
const processes = async () => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const ours = pids.map(async (pid) => {
    const words = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    const command = await commandOf(pid)
    const isOurs = pid !== process.pid && `${words}${command}`.includes(folder)
    return isOurs && command !== '' ? [{ pid, command }] : []
  })
  return (await Promise.all(ours)).flat()
}

const query = async (text: string) => {
  const postgres = await startPostgres({ folder: join(folder, 'postgres') })
  const client = new Client({ connectionString: postgres.url('aeroflash') })
  await client.connect()
  await client.query(text).finally(() => client.end())
  await postgres.stop()
}

onLinux(
  'the first start says where everything is, and Ctrl-C leaves nothing running',
  async () => {
    const first = run()
    await first.until('Ctrl-C')
    expect(first.said()).toContain(`http://localhost:${port}/api/docs`)
    expect(first.said()).toMatch(/admin@aeroflash\.example +\S+/)
    expect(await get('/api/readyz')).toBe(200)

    first.signal('SIGINT')
    expect(await first.ended).toBe(0)
    expect(await processes()).toEqual([])
    await expect(get('/api/readyz')).rejects.toThrow()
  },
  60_000,
)

test('a request’s line names its route, though pages of the site have any path', async () => {
  const start = run()
  await start.until('Ctrl-C')
  const [unknown, page] = [`/api/flights/${crypto.randomUUID()}`, '/flight-status']
  expect(await Promise.all([get(unknown), get(page)])).toEqual([404, 200])
  start.signal('SIGINT')
  await start.ended
  const log = await readFile(join(folder, 'logs', 'api.log'), 'utf8')
  const lines = log.split('\n').filter((line) => line.includes('"msg":"request"'))
  const routes = lines.map((line) => (JSON.parse(line) as { route: string }).route)
  expect(routes.toSorted()).toEqual(['/:page', '/api/flights/:id'])
})

test('the second start keeps what was there', async () => {
  const second = run()
  await second.until('Ctrl-C')
  const { passwords } = JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8'))
  expect(passwordOf(second.said())).toBe(passwords.passenger)

  const another = await refused([], { PORT: String(await freePort()) })
  expect(another.code).toBe(1)
  expect(another.said).toContain(`AeroFlash already runs on ${folder} (process ${second.pid})`)
})

onLinux('an API that dies is named, with the end of its log, and started again', async () => {
  const running = run()
  await running.until('Ctrl-C')
  const api = (await processes()).find(({ command }) => command.includes('/api.ts'))
  process.kill(api!.pid, 'SIGKILL')
  await running.until('api has ended (SIGKILL). Its last lines:')
  await running.until('api runs again.')
  expect(await get('/api/readyz')).toBe(200)
})

onLinux('a process that is killed leaves nothing running, and no lock that hinders', async () => {
  const killed = run()
  await killed.until('Ctrl-C')
  killed.signal('SIGKILL')
  await killed.ended
  const again = run()
  await again.until('Ctrl-C')
  again.signal('SIGTERM')
  expect(await again.ended).toBe(0)
  await expect.poll(processes).toEqual([])
})

test('a port in use is named, with what to do', async () => {
  const other = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const { code, said } = await refused()
  expect(code).toBe(1)
  expect(said).toBe(
    `Port ${port} is in use by another program. Choose another: PORT=${port + 1} npm start\n`,
  )
})

test('an unknown argument is named, with the usage', async () => {
  const { code, said } = await refused(['--rest'])
  expect(code).toBe(1)
  expect(said).toContain('Unknown argument: --rest\n\nUsage: npm start [-- --reset]')
})

test('a setting that cannot be read is named', async () => {
  const { code, said } = await refused([], { PORT: 'eighty' })
  expect(code).toBe(1)
  expect(said).toMatch(/^A setting is not usable\. PORT: /)
})

test('a database that does not answer is named', async () => {
  const nowhere = `postgres://nobody@127.0.0.1:${await freePort()}/nothing`
  const { code, said } = await refused([], { DATABASE_URL: nowhere })
  expect(code).toBe(1)
  expect(said).toMatch(/^The database does not let us in \(.*ECONNREFUSED.*DATABASE_URL/)
})

test('the data of another PostgreSQL is refused, with what to do', async () => {
  const file = join(folder, 'postgres', 'data', 'PG_VERSION')
  await writeFile(file, '12\n')
  const { code, said } = await refused()
  await writeFile(file, '18\n')
  expect(code).toBe(1)
  expect(said).toContain('cannot be used (it is of PostgreSQL 12, this is 18). Start afresh with:')
})

test('data with files missing is refused, with what to do', async () => {
  const file = join(folder, 'postgres', 'data', 'global')
  await rename(file, `${file}.away`)
  const { code, said } = await refused()
  await rename(`${file}.away`, file)
  expect(code).toBe(1)
  expect(said).toMatch(/cannot be used \(.*\)\. Start afresh with: npm start -- --reset/)
})

test('a database of a newer AeroFlash is refused, with what to do', async () => {
  await query(`insert into public.migrations (name, run_on) values ('29990101_future', now())`)
  const { code, said } = await refused()
  expect(code).toBe(1)
  expect(said).toContain('is of a newer AeroFlash than this one: it has 29990101_future.')
  expect(said).toContain('npm start -- --reset')
})

test('--reset begins afresh, with other passwords', async () => {
  const { passwords } = JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8'))
  const fresh = run(['--reset'])
  await fresh.until('Ctrl-C')
  expect(passwordOf(fresh.said())).toMatch(/^\w{4}-\w{4}-\w{4}$/)
  expect(passwordOf(fresh.said())).not.toBe(passwords.passenger)
})
