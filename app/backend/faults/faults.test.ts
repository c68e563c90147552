import { afterAll, expect, test } from 'vitest'
import { sql } from '../kernel/sql.ts'
import { passengerOf } from '../test/passenger.ts'
import { startTestApi } from '../test/test-api.ts'
import type { TestApi } from '../test/test-api.ts'
import { createTestDatabase } from '../test/test-database.ts'
import { faultNames } from './catalogue.ts'
import type { FaultName } from './catalogue.ts'
import { switchFault } from './store.ts'

const database = await createTestDatabase()
const start = () =>
  startTestApi({ databaseUrl: database.url, environment: { FAULTS_ENABLED: 'true' } })
const api = await start()
const operator = await api.signIn('operator')
afterAll(async () => {
  await api.close()
  await database.drop()
})

type Listed = { faults: { name: FaultName; on_until: string | null; switched_by: string | null }[] }

const put = ({ request }: TestApi, name: string, state: 'on' | 'off', as: string) =>
  request.put(`/api/operations/faults/${name}`).set('Authorization', as).send({ state })

const running = async () => {
  const answer = await api.request.get('/api/operations/faults').set('Authorization', operator)
  return (answer.body as Listed).faults.flatMap(({ name, on_until }) => (on_until ? [name] : []))
}

/** With the fault on, and off again whatever happens. */
const during = async <Result>(name: FaultName, work: () => Promise<Result>) => {
  await put(api, name, 'on', operator).expect(200)
  try {
    return await work()
  } finally {
    await put(api, name, 'off', operator).expect(200)
  }
}

const indexes = async ({ world }: TestApi) => {
  const found = await world.db.rows<{ indexdef: string }>(sql('faults.indexes')`
    select indexdef from pg_indexes where schemaname = 'seats' order by indexname`)
  return found.map(({ indexdef }) => indexdef)
}

test('an operator sees what there is, switches one on, and it says by whom and until when', async () => {
  expect(await running()).toEqual([])
  await during('small-pool', async () => {
    const answer = await api.request.get('/api/operations/faults').set('Authorization', operator)
    const { faults } = answer.body as Listed
    expect(faults.map(({ name }) => name)).toEqual(faultNames)
    const { on_until, switched_by } = faults.find(({ name }) => name === 'small-pool')!
    expect(Date.parse(on_until!)).toBeGreaterThan(Date.now() + 10 * 60_000)
    expect(switched_by).toMatch(/^operator:/)
  })
  expect(await running()).toEqual([])
})

test('passengers have no say in it, and there are no other faults', async () => {
  await put(api, 'small-pool', 'on', await api.signIn('passenger')).expect(403)
  await put(api, 'large-pool', 'on', operator).expect(404)
})

test('where they are not enabled there are none, whoever asks', async () => {
  const sane = await startTestApi()
  const admin = await sane.signIn('admin')
  await sane.request.get('/api/operations/faults').set('Authorization', admin).expect(404)
  await put(sane, 'small-pool', 'on', admin).expect(404)
  await sane.close()
})

test('the missing index is gone, and comes back as it was', async () => {
  const before = await indexes(api)
  await during('missing-index', async () => {
    const gone = before.filter((index) => index.includes('units_held'))
    expect(gone).toHaveLength(1)
    expect(await indexes(api)).toEqual(before.filter((index) => !gone.includes(index)))
  })
  expect(await indexes(api)).toEqual(before)
})

test('the pool has one connection, and then again as many as before', async () => {
  const { options } = api.world.pool
  await during('small-pool', async () => {
    expect(options.max).toBe(1)
    expect(api.world.pool.totalCount).toBeLessThanOrEqual(1)
    await passengerOf(api).search()
  })
  expect(options.max).toBe(8)
})

test('a search that loads seat by seat finds the same flights', async () => {
  const found = await passengerOf(api).search()
  expect(found.length).toBeGreaterThan(0)
  expect(await during('n-plus-one', () => passengerOf(api).search())).toEqual(found)
})

test('while the partner fails, a payment is processing and nothing is lost', async () => {
  const passenger = passengerOf(api)
  const [flight] = await passenger.search()
  const placed = await passenger.book(await passenger.offer([flight!.id]))
  await during('failing-partner', () => passenger.pay(placed).expect(202))
  await api.runJob('payments.reconcile')
})

test('who pays for a seat in hand waits for the transaction that has locked it', async () => {
  const passenger = passengerOf(api)
  const [flight] = await passenger.search()
  const placed = await passenger.book(await passenger.offer([flight!.id]))
  await during('row-lock', async () => {
    const from = performance.now()
    await passenger.pay(placed).expect(201)
    expect(performance.now() - from).toBeGreaterThan(500)
  })
})

test.each(['event-loop-block', 'memory-growth', 'slow-logger'] as const)(
  '%s leaves answers as they are',
  async (name) => {
    await during(name, async () => {
      await passengerOf(api).search()
      await api.signIn('passenger')
    })
  },
)

test('a process that ends takes its faults along; the next finds none, even after one was killed', async () => {
  const before = await indexes(api)
  const other = await createTestDatabase()
  const settings = { databaseUrl: other.url, environment: { FAULTS_ENABLED: 'true' } }
  const first = await startTestApi(settings)
  await put(first, 'missing-index', 'on', await first.signIn('operator')).expect(200)
  expect(await indexes(first)).toHaveLength(before.length - 1)
  await first.close()

  const second = await startTestApi(settings)
  expect(await indexes(second)).toEqual(before)
  const { db } = second.world
  await switchFault({ db }, { name: 'missing-index', minutes: 5, by: 'one that was killed' })
  await db.rows(sql('faults.as_if_killed')`
    update operations.faults set undo = 'create index as_if_killed on seats.holds (created_at)'`)
  await second.close()

  const third = await startTestApi(settings)
  await expect
    .poll(() => indexes(third), { timeout: 10_000 })
    .toContainEqual(expect.stringContaining('as_if_killed'))
  const answer = await third.request
    .get('/api/operations/faults')
    .set('Authorization', await third.signIn('operator'))
  expect((answer.body as Listed).faults.every(({ on_until }) => on_until === null)).toBe(true)
  await third.close()
  await other.drop()
})
