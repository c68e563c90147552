import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../kernel/migrate.ts'
import { startPostgres } from '../local/postgres.ts'
import { seed } from '../seed.ts'

declare module 'vitest' {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- only interfaces merge
  interface ProvidedContext {
    databaseServerUrl: string
  }
}

const SEEDED_DAYS = 12

/** One PostgreSQL for the whole run, with the template that every test's database is copied from. */
export const setup = async (project: TestProject) => {
  const given = process.env.TEST_DATABASE_URL
  const server = given ? { url: given, stop: async () => undefined } : await startServer()
  try {
    await buildTemplate(server.url)
  } catch (error) {
    await server.stop()
    throw error
  }
  project.provide('databaseServerUrl', server.url)
  return server.stop
}

// Ctrl-C ends vitest before a teardown could run; the guard of the cluster cleans up after it.
const startServer = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-test-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  const postgres = await startPostgres({ folder, fast: true }).catch(async (error: Error) => {
    await remove()
    throw error
  })
  return { url: postgres.url('postgres'), stop: () => postgres.stop().finally(remove) }
}

const buildTemplate = async (serverUrl: string) => {
  const name = 'aeroflash_template'
  const templateUrl = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href
  await run(
    serverUrl,
    `update pg_database set datistemplate = false where datname = '${name}'`,
    `drop database if exists ${name} with (force)`,
    `create database ${name}`,
  )
  await run(templateUrl, 'create extension if not exists pg_stat_statements')
  await migrate(templateUrl)
  await seed(templateUrl, { days: SEEDED_DAYS })
  // Statistics, or the first queries on a copy are planned blind; no connections, or it can't be copied.
  await run(templateUrl, 'vacuum (freeze, analyze)')
  await run(serverUrl, `alter database ${name} with is_template true allow_connections false`)
}

const run = async (connectionString: string, ...statements: string[]) => {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
