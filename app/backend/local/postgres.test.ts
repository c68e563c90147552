import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { startPostgres } from './postgres.ts'
import type { PostgresOptions } from './postgres.ts'
import { commandOf } from './processes.ts'

const newFolder = () => mkdtemp(join(tmpdir(), 'aeroflash-postgres-'))
const remove = (folder: string) => rm(folder, { recursive: true, force: true })

// One cluster for all tests, since making one takes a second; each starts it for itself.
const folder = await newFolder()
afterAll(() => remove(folder))

const start = async (options: Partial<PostgresOptions> = {}) => {
  const postgres = await startPostgres({ folder, ...options })
  onTestFinished(() => postgres.stop())
  return postgres
}

const query = async (url: string, text: string) => {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(text).finally(() => client.end())
  return rows as Record<string, unknown>[]
}

const pidOf = async () =>
  Number((await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])

test('a database keeps what was written, over a restart and over a crash', async () => {
  const postgres = await start()
  await postgres.ensureDatabase('kept')
  await postgres.ensureDatabase('kept')
  const url = postgres.url('kept')
  await query(url, 'create table written as select 1 as one')
  await postgres.restart()
  expect(await query(url, 'select one from written')).toEqual([{ one: 1 }])
  await postgres.kill()
  await postgres.restart()
  expect(await query(url, 'select one from written')).toEqual([{ one: 1 }])
})

test('statements are counted, the password is needed, and only its owner reads it', async () => {
  const postgres = await start()
  await postgres.ensureDatabase('counted')
  const url = postgres.url('counted')
  const counted = await query(url, 'select count(*) > 0 as some from pg_stat_statements')
  expect(counted).toEqual([{ some: true }])
  const wrong = Object.assign(new URL(url), { password: 'guessed' }).href
  await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed')
  expect((await stat(join(folder, 'password'))).mode & 0o777).toBe(0o600)
})

test('data of another major version is refused with a sentence', async () => {
  const file = join(folder, 'data', 'PG_VERSION')
  await writeFile(file, '12\n')
  await expect(startPostgres({ folder })).rejects.toThrow(
    `The data in ${folder} cannot be used (it is of PostgreSQL 12, this is 18). ` +
      'Start afresh with: npm start -- --reset',
  )
  await writeFile(file, '18\n')
})

test('data with files missing is refused with a sentence', async () => {
  const file = join(folder, 'data', 'global', 'pg_control')
  await rename(file, `${file}.away`)
  await expect(startPostgres({ folder })).rejects.toThrow(/cannot be used \(.*pg_control.*--reset$/)
  await rename(`${file}.away`, file)
})

test('a port in use is named', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  await expect(startPostgres({ folder, port })).rejects.toThrow(`Port ${port} is in use.`)
})

/** A process that starts a database and then does `next`. */
const startElsewhere = (options: PostgresOptions, next: string) => {
  const file = fileURLToPath(new URL('./postgres.ts', import.meta.url))
  const program = `
    import { startPostgres } from ${JSON.stringify(file)}
    await startPostgres(${JSON.stringify(options)})
    ${next}`
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

test('a server left over by a killed process is stopped, and its data used', async () => {
  const starter = startElsewhere(
    { folder },
    `process.send('started')\n    setInterval(() => undefined, 1000)`,
  )
  await once(starter, 'message')
  const left = await pidOf()
  starter.kill('SIGKILL')

  const postgres = await start()
  expect(await commandOf(left)).toBe('')
  expect(await query(postgres.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }])
})

test('the stale pid file of another program is no hindrance', async () => {
  await writeFile(join(folder, 'data', 'postmaster.pid'), `${process.pid}\n`)
  await start()
  expect(await pidOf()).not.toBe(process.pid)
})

test('a throw-away database goes with the process that started it', async () => {
  const place = await newFolder()
  await once(startElsewhere({ folder: place, fast: true }, 'process.exit()'), 'exit')
  const isThere = () =>
    access(place).then(
      () => true,
      () => false,
    )
  for (let i = 0; i < 200 && (await isThere()); i++) await wait(50)
  expect(await isThere()).toBe(false)
})
