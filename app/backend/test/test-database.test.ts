import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from './test-database.ts'
import type { TestDatabase } from './test-database.ts'

const databases: TestDatabase[] = []
afterAll(() => Promise.all(databases.map((database) => database.drop())))

const create = async () => {
  const database = await createTestDatabase()
  databases.push(database)
  return database
}

const query = async (url: string, text: string) => {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client.query(text).finally(() => client.end())
}

test('a copy of the template has been migrated', async () => {
  const { url } = await create()
  const { rows } = await query(url, 'select count(*)::int as count from public.migrations')
  expect(rows[0].count).toBeGreaterThan(0)
})

test('what one test writes, another does not see', async () => {
  const [one, other] = await Promise.all([create(), create()])
  await query(one.url, 'create table only_here (id int)')
  const { rows } = await query(other.url, `select to_regclass('only_here') as found`)
  expect(rows).toEqual([{ found: null }])
})

test('six files that start together each get a database', async () => {
  const copies = await Promise.all(Array.from({ length: 6 }, create))
  expect(new Set(copies.map(({ url }) => url)).size).toBe(6)
})

test('a database is dropped even while somebody is connected', async () => {
  const database = await createTestDatabase()
  const client = new Client({ connectionString: database.url })
  client.on('error', () => undefined)
  await client.connect()
  await database.drop()
  await expect(query(database.url, 'select 1')).rejects.toThrow('does not exist')
  await client.end()
})
