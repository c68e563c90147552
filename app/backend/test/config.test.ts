import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { Client } from 'pg'
import { afterAll, expect, inject, onTestFinished, test } from 'vitest'
import { readConfig } from '../config.ts'
import { sql } from '../kernel/sql.ts'
import { newKey, newSecret, startTestApi } from './test-api.ts'
import { createTestDatabase } from './test-database.ts'

type Environment = Record<string, string>

/** A process of ours with these settings and none that the test happens to run with. */
const start = (program: string, environment: Environment) => {
  const file = fileURLToPath(new URL(`../${program}`, import.meta.url))
  const child = spawn(process.execPath, [file], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  }) as ChildProcessByStdio<null, Readable, Readable>
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = Promise.all([text(child.stdout), text(child.stderr)]).then((all) => all.join(''))
  const ended = once(child, 'close').then(async ([code]) => ({
    code: code as number | null,
    said: await said,
  }))
  return { child, ended }
}

const right = (): Environment => ({
  DATABASE_URL: 'postgres://aeroflash:hidden-password@127.0.0.1:1/aeroflash',
  AUTH_SECRET: newSecret(),
  PAYMENT_GATEWAY_URL: 'http://127.0.0.1:1',
  PAYMENT_GATEWAY_KEY: newSecret(),
  PAYMENT_WEBHOOK_SECRET: newSecret(),
  SMTP_URL: 'smtp://user:hidden-password@127.0.0.1:1',
  PORT: '0',
  METRICS_PORT: '0',
  LOG_LEVEL: 'silent',
})

const refusalOf = async (program: string, environment: Environment) => {
  const { code, said } = await start(program, environment).ended
  expect(code).toBe(1)
  expect(said).not.toMatch(/^\s+at /m)
  for (const value of Object.values(environment).filter((value) => value.length > 5))
    expect(said).not.toContain(value)
  expect(said).not.toContain('hidden-password')
  return said
}

const required = [
  'DATABASE_URL',
  'AUTH_SECRET',
  'PAYMENT_GATEWAY_URL',
  'PAYMENT_GATEWAY_KEY',
  'PAYMENT_WEBHOOK_SECRET',
  'SMTP_URL',
]

test.each(['api.ts', 'worker.ts'])(
  '%s without settings names all that it needs',
  async (program) => {
    const said = await refusalOf(program, {})
    expect([...said.matchAll(/^ {2}(\w+) is missing$/gm)].map(([, name]) => name)).toEqual(required)
  },
)

test('an empty setting is a missing one', async () => {
  const said = await refusalOf('api.ts', { ...right(), AUTH_SECRET: '' })
  expect(said).toContain('AUTH_SECRET is missing')
})

test('all that is wrong is named at once, and no value is shown', async () => {
  const said = await refusalOf('api.ts', {
    DATABASE_URL: 'mysql://aeroflash:hidden-password@127.0.0.1/aeroflash',
    AUTH_SECRET: 'change-me-please-change-me-please-change-me',
    PAYMENT_GATEWAY_URL: 'not an address: hidden-password',
    PAYMENT_GATEWAY_KEY: 'too-short-a-key',
    PAYMENT_WEBHOOK_SECRET: 'password-password-password-password',
    SMTP_URL: 'http://hidden-password@127.0.0.1',
    PORT: '123456789',
    DB_POOL_MAX: 'as many as there are',
    LOG_LEVEL: 'everything',
    PUBLIC_URL: 'aeroflash',
  })
  const wrong = [...required, 'PORT', 'DB_POOL_MAX', 'LOG_LEVEL', 'PUBLIC_URL']
  const named = [...said.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name)
  expect(new Set(named)).toEqual(new Set(wrong))
  expect(said).toContain('AUTH_SECRET: a placeholder, not a secret')
  expect(said).toContain('PAYMENT_GATEWAY_KEY: at least 32 characters')
})

test('a secret may be in a file, and where that is missing this is said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-secrets-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const [file, missing] = [join(folder, 'auth_secret'), join(folder, 'nothing')]
  const { AUTH_SECRET, PAYMENT_GATEWAY_KEY: _, ...others } = right()
  await writeFile(file, `${AUTH_SECRET}\n`)
  const key = { PAYMENT_GATEWAY_KEY: newSecret() }
  expect(readConfig({ ...others, ...key, AUTH_SECRET_FILE: file }).AUTH_SECRET).toBe(AUTH_SECRET)
  // One that is set is not looked up.
  expect(() => readConfig({ ...right(), AUTH_SECRET_FILE: missing })).not.toThrow()
  const files = { AUTH_SECRET_FILE: missing, PAYMENT_GATEWAY_KEY_FILE: folder }
  expect(() => readConfig({ ...others, ...files })).toThrow(
    /AUTH_SECRET_FILE names .*\n.*PAYMENT_GATEWAY_KEY_FILE names/,
  )
})

const fileOf = (name: string) => readFile(new URL(`../../../${name}`, import.meta.url), 'utf8')

test('.env.example names every setting there is, as the README does, and is nothing to run with', async () => {
  const example = parseEnv(await fileOf('.env.example')) as Environment
  const source = await fileOf('app/backend/config.ts')
  const known = [...source.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name!)
  expect(known).toEqual(expect.arrayContaining([...required, 'CLIENT_ADDRESS_HEADER']))
  // And what the stack in containers is told, and what `npm run env` makes for it.
  const [compose, made] = [await fileOf('docker-compose.yml'), await fileOf('deploy/env.ts')]
  const asked = [...compose.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name!)
  const given = [...made.matchAll(/values\.([A-Z_]+)|^ {2}([A-Z_]+): /gm)].map((m) => m[1] ?? m[2]!)
  const named = new Set([...known, ...asked, ...given, 'BACKUPS', 'BACKUPS_KEPT'])
  // Compose's own.
  named.delete('COMPOSE_PROJECT_NAME')
  expect(new Set(Object.keys(example))).toEqual(named)
  const readme = await fileOf('README.md')
  expect(known.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
  expect(() => readConfig(example)).toThrow(`${required.join(' is missing\n  ')} is missing`)
})

test('with the right settings the API starts, says where, and ends when it is told to', async () => {
  const { child, ended } = start('api.ts', right())
  const [message] = await once(child, 'message')
  const { port } = message as { port: number }
  // Nobody answers at that database, and the process says so instead of ending.
  const health = await fetch(`http://127.0.0.1:${port}/api/healthz`)
  expect(health.status).toBe(200)
  const ready = await fetch(`http://127.0.0.1:${port}/api/readyz`)
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { status: 'not ready', version: 'dev', reason: 'the database does not answer' },
  ])
  child.kill('SIGTERM')
  expect((await ended).code).toBe(0)
})

const database = await createTestDatabase()
afterAll(() => database.drop())

test('an API whose database lacks a migration is not ready, and names it', async () => {
  const api = await startTestApi({ databaseUrl: database.url })
  onTestFinished(api.close)
  const [removed] = await api.world.db.rows<{ name: string }>(sql('test.forget_migration')`
    delete from public.migrations where name like '%payments%' returning name`)
  const unready = await api.request.get('/api/readyz').expect(503)
  expect(unready.body).toMatchObject({ reason: `migrations missing: ${removed!.name}` })
  await api.request.get('/api/healthz').expect(200)

  await api.world.db.rows(sql('test.remember_migration')`
    insert into public.migrations (name, run_on) values (${removed!.name}, now())`)
  await api.request.get('/api/readyz').expect(200)
})

test('an API on a database of a newer build is ready: the old one serves while the new one starts', async () => {
  const api = await startTestApi({ databaseUrl: database.url })
  onTestFinished(api.close)
  await api.world.db.rows(sql('test.newer_migration')`
    insert into public.migrations (name, run_on) values ('20990101000000_newer', now())`)
  await api.request.get('/api/readyz').expect(200)
})

test('migrate makes an empty database ready, and says what it did; the second time there is nothing', async () => {
  const name = `aeroflash_empty_${newKey().replaceAll('-', '')}`
  const server = new Client({ connectionString: inject('databaseServerUrl') })
  await server.connect()
  onTestFinished(() => server.end())
  await server.query(`create database ${name}`)
  onTestFinished(async () => void (await server.query(`drop database ${name} with (force)`)))
  const DATABASE_URL = Object.assign(new URL(inject('databaseServerUrl')), { pathname: name }).href

  const api = await startTestApi({ databaseUrl: DATABASE_URL })
  onTestFinished(api.close)
  const unready = await api.request.get('/api/readyz').expect(503)
  const { reason } = unready.body as { reason: string }
  expect(reason).toMatch(/^migrations missing: .*outbox__create.*payments__create/)

  const first = await start('migrate.ts', { DATABASE_URL }).ended
  expect(first.code).toBe(0)
  expect(first.said.trim().split('\n')).toEqual(reason.replace(/.*: /, '').split(', '))
  await api.request.get('/api/readyz').expect(200)
  const second = await start('migrate.ts', { DATABASE_URL }).ended
  expect(second).toEqual({ code: 0, said: 'The schema is current.\n' })
})

test('an API that is about to end is not ready', async () => {
  const api = await startTestApi({ databaseUrl: database.url })
  onTestFinished(api.close)
  api.world.draining.abort()
  const unready = await api.request.get('/api/readyz').expect(503)
  expect(unready.body).toMatchObject({ reason: 'draining' })
})
