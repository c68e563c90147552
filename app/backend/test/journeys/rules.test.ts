import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../kernel/sql.ts'
import { adult, child, dayIn, infant, passengerOf } from '../passenger.ts'
import type { Passenger } from '../passenger.ts'
import { startTestApi } from '../test-api.ts'
import type { TestApi } from '../test-api.ts'

let api: TestApi
let guest: Passenger
let manager: Passenger
let authorization: string
beforeAll(async () => {
  api = await startTestApi()
  authorization = await api.signIn('manager')
  guest = passengerOf(api)
  manager = passengerOf(api, authorization)
})
afterAll(() => api.close())

const tax = {
  name_es: 'Contribución al arrecife',
  name_en: 'Reef contribution',
  jurisdiction: 'ADZ',
  trigger: 'arrival',
  amount: 1_000_000,
  valid_from: '2026-01-01',
}

type Rule = { id: string; code: string; version: number }

const put = (path: string, body: object, match?: string) => {
  const asking = api.request.put(path).set('Authorization', authorization)
  return (match ? asking.set('If-Match', match) : asking).send(body)
}

const flight = async () => (await guest.search('BOG', 'ADZ', 9))[0]!.id

test('a manager registers a tax and offers ask for it; offers made before keep their price', async () => {
  const before = await guest.offer([await flight()])
  const made = await manager
    .post('/api/operations/destination-taxes', { code: 'REEF', ...tax, reason: 'New law' })
    .expect(201)
  expect(made.headers.etag).toBe('"v1"')
  const after = await guest.offer([await flight()])
  expect(after.total.amount).toBe(before.total.amount + 1_000_000)
  const kept = await api.request.get(`/api/offers/${before.id}`).expect(200)
  expect(kept.body).toMatchObject({ total: before.total, quote_hash: before.quote_hash })
})

test('two managers do not overwrite each other, and the audit knows who changed what and why', async () => {
  const made = await manager
    .post('/api/operations/destination-taxes', { code: 'BEACH', ...tax })
    .expect(201)
  const { id } = made.body as Rule
  const path = `/api/operations/destination-taxes/${id}`
  await put(path, tax).expect(428)
  const changed = await put(path, { ...tax, amount: 2_000_000, reason: 'Indexed' }, '"v1"').expect(
    200,
  )
  expect(changed.body).toMatchObject({ version: 2, amount: 2_000_000 })
  const stale = await put(path, { ...tax, amount: 3_000_000 }, '"v1"').expect(412)
  expect(stale.body).toMatchObject({ type: '/problems/version-conflict', version: 2 })
  const audit = await api.world.db.rows(sql('test.audit')`
    select version, reason, actor, content ->> 'amount' as amount
      from offers.rule_audit where rule_id = ${id} order by version`)
  expect(audit).toMatchObject([
    { version: 1, amount: '1000000' },
    {
      version: 2,
      amount: '2000000',
      reason: 'Indexed',
      actor: expect.stringMatching(/^manager:/) as string,
    },
  ])
})

test('a tax that makes no sense is refused where it stands', async () => {
  const register = (more: object) =>
    manager.post('/api/operations/destination-taxes', { code: 'ODD', ...tax, ...more }).expect(422)
  expect((await register({ amount: -5 })).body).toMatchObject({ errors: [{ pointer: '/amount' }] })
  expect((await register({ basis_points: 100 })).body).toMatchObject({
    errors: [{ pointer: '/amount' }],
  })
  expect((await register({ valid_to: '2025-01-01' })).body).toMatchObject({
    errors: [{ pointer: '/valid_to' }],
  })
  expect((await register({ min_age: 9, max_age: 3 })).body).toMatchObject({
    errors: [{ pointer: '/max_age' }],
  })
  await manager
    .post('/api/operations/destination-taxes', { code: 'TOURIST_CARD_SAI', ...tax })
    .expect(409)
})

test('a promotion by code takes its share of the fare and of nothing else', async () => {
  const now = Date.now()
  await manager
    .post('/api/operations/promotions', {
      code: 'SEA20',
      name_es: 'Mar 20 %',
      name_en: 'Sea 20 %',
      basis_points: 2_000,
      valid_from: new Date(now - 1_000).toISOString(),
      valid_to: new Date(now + 86_400_000).toISOString(),
    })
    .expect(201)
  const offer = await guest.offer([await flight()], [adult], { promotion_code: 'sea20', pets: 1 })
  const of = (kind: string) =>
    offer.lines.filter((l) => l.kind === kind).reduce((sum, { amount }) => sum + amount, 0)
  expect(of('discount')).toBe(-of('fare') / 5)
  const unknown = await guest.post('/api/offers', {
    slices: [{ flight_id: await flight() }],
    passengers: [adult],
    promotion_code: 'NOSUCH',
  })
  expect(unknown.body).toMatchObject({ errors: [{ code: 'unknown_promotion' }] })
})

test('the summary tells money, destinations, pets, infants with their sweets, and taxes', async () => {
  const offer = await guest.offer([await flight()], [adult, child, infant], { pets: 1 })
  const booked = await guest.book(offer)
  await guest.pay(booked).expect(201)
  const report = await manager
    .get('/api/reports/summary')
    .query({ from: dayIn(0), to: dayIn(0) })
    .expect(200)
  const taxes = offer.lines.filter((l) => l.code === 'TOURIST_CARD_SAI')
  expect(report.body).toMatchObject({
    collected: { amount: offer.total.amount, currency: 'COP' },
    bookings: 1,
    preferred_destination: 'ADZ',
    destinations: [{ destination: 'ADZ', passengers: 3 }],
    pets: 1,
    infants: 2,
    sweets: { bags: 2, cost: { amount: 900_000 } },
  })
  expect((report.body as { taxes: object[] }).taxes).toContainEqual({
    destination: 'ADZ',
    code: 'TOURIST_CARD_SAI',
    total: { amount: taxes.reduce((sum, { amount }) => sum + amount, 0), currency: 'COP' },
  })
})
