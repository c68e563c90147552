import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../test/test-database.ts'
import type { TestDatabase } from '../test/test-database.ts'
import { rush } from './rush.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

// Who was paying at the moment of the kill waits for the lease of the key, half a minute.
test('400 buyers for 180 seats, and a process killed: 180 have a seat, the others know', async () => {
  const result = await rush({ buyers: 400, inFlight: 32, kills: 1 }, database.url)
  expect(result.wrong).toEqual([])
  expect(result).toMatchObject({ sold: 180, refused: 220, kills: 1, faults: 0 })
  expect(result.again.lost).toBeGreaterThan(0)
}, 120_000)
