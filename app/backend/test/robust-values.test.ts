import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../kernel/sql.ts'
import { adult, dayIn, orderFor, passengerOf } from './passenger.ts'
import type { Found, Placed } from './passenger.ts'
import { refusalOf, refused } from './refusal.ts'
import { newKey, startTestApi } from './test-api.ts'

const api = await startTestApi()
afterAll(() => api.close())
const guest = passengerOf(api)

let flight: Found
let manager: string
beforeAll(async () => {
  const [first] = await guest.search()
  flight = first!
  manager = await api.signIn('manager')
})

const search = (changes: object) =>
  api.request
    .get('/api/flights')
    .query({ origin: 'BOG', destination: 'ADZ', departure_date: dayIn(3), ...changes })

const notDays = [
  '2026-02-30',
  '2026-02-29',
  '2026-04-31',
  '2026-13-01',
  '2026-00-10',
  '0000-00-00',
  '0000-01-01',
  '31/12/2026',
  '2026-1-1',
  '20261224',
  ' 2026-12-24',
  '2026-12-24T00:00:00Z',
  '10000-01-01',
  '２０２６-12-24',
  'tomorrow',
  '',
]

test.each(notDays)('there is no day "%s" to fly on, to be born on or to report on', async (day) => {
  expect(refusalOf(await search({ departure_date: day }))).toEqual(
    refused('validation-failed', 'query/departure_date'),
  )
  const slices = [{ flight_id: flight.id }]
  const born = await guest.post('/api/offers', { slices, passengers: [{ born_on: day }] })
  expect(refusalOf(born)).toEqual(refused('validation-failed', '/passengers/0/born_on'))
  const report = api.request.get('/api/reports/summary').query({ from: day, to: '9999-12-31' })
  expect(refusalOf(await report.set('Authorization', manager))).toEqual(
    refused('validation-failed', 'query/from'),
  )
})

test('a leap day is a day', async () => {
  const { passengers } = await guest.offer([flight.id], [{ born_on: '2000-02-29' }])
  expect(passengers[0]!.born_on).toBe('2000-02-29')
})

test('who was born in the future, or before anybody who lives, cannot fly', async () => {
  const slices = [{ flight_id: flight.id }]
  for (const born_on of [dayIn(400), '1666-09-02', '9999-12-31'])
    expect(
      refusalOf(await guest.post('/api/offers', { slices, passengers: [adult, { born_on }] })),
    ).toEqual(refused('validation-failed', '/passengers/1/born_on'))
})

test.each([dayIn(-2), '1999-12-31', dayIn(4_000), '9999-12-31'])(
  'on %s nothing is on sale, and the answer says when it is',
  async (departure_date) => {
    const answer = await search({ departure_date })
    expect(refusalOf(answer)).toEqual(refused('validation-failed', 'query/departure_date'))
    const { detail } = answer.body as { detail: string }
    expect(detail).toMatch(/on sale from \d{4}-\d{2}-\d{2} to \d{4}-\d{2}-\d{2}/)
  },
)

const pointersOf = async (changes: object) => refusalOf(await search(changes)).at

test('airports that we do not fly to are named, and so is a trip to where one is', async () => {
  expect(await pointersOf({ origin: 'XXX' })).toEqual(['query/origin'])
  expect(await pointersOf({ destination: 'QQQ' })).toEqual(['query/destination'])
  expect(await pointersOf({ origin: 'XXX', destination: 'QQQ' })).toEqual([
    'query/origin',
    'query/destination',
  ])
  expect(await pointersOf({ destination: 'BOG' })).toEqual(['query/destination'])
  for (const origin of ['bog', 'BOGO', 'B', '', "BO'", '🛫🛫🛫', 'BÓG'])
    expect(await pointersOf({ origin })).toEqual(['query/origin'])
})

const book = async (changes: object) => {
  const offer = await guest.offer([flight.id])
  const order = orderFor(offer)
  const passengers = order.passengers.map((passenger) => ({ ...passenger, ...changes }))
  return guest.post('/api/bookings', { ...order, passengers })
}

type Named = { passengers: { given_name: string; family_name: string }[] }

test.each([
  ['Sinéad', "O'Brien"],
  ['Thị Minh Khai', 'Nguyễn'],
  ['Thị Minh Khai'.normalize('NFD'), 'Nguyễn'.normalize('NFD')],
  ['Íñigo', 'Ñ'],
  ['陈', '伟'],
  ['Jean-Luc', 'd’Artagnan'],
  ['María José', 'St. John-Smith'],
  ['محمد', 'علي'],
  ['Zoë', 'Null'],
  ['Robert', 'Drop Table'],
])('%s %s flies under the name that was typed', async (given_name, family_name) => {
  const booked = await book({ given_name, family_name })
  expect(booked.status).toBe(201)
  const booking = (await guest.read(booked.body as Placed)) as unknown as Named
  expect(booking.passengers).toMatchObject([{ given_name, family_name }])
})

const notNames: [string, string][] = [
  ['SQL', "Robert'); drop table bookings.bookings;--"],
  ['an emoji', 'Ana 😀'],
  ['a NUL', 'Ana\u0000'],
  ['a mark that turns what follows around', 'Ana\u202Ezíd'],
  ['a right-to-left mark', '\u200FAna'],
  ['a line break', 'Ana\nMaría'],
  ['markup', '<b>Ana</b>'],
  ['ten thousand letters', 'a'.repeat(10_000)],
  ['81 letters', 'a'.repeat(81)],
  ['half a letter', '\uD83D'],
  ['an accent without its letter', '\u0301'],
  ['digits', 'Ana 2'],
  ['blanks', '   '],
  ['nothing', ''],
]

test.each(notNames)('%s is no name to fly under', async (_, name) => {
  const refusal = refusalOf(await book({ given_name: name, family_name: name }))
  expect(refusal).toMatchObject({ status: 422, slug: 'validation-failed' })
  expect(refusal.at).toEqual(['/passengers/0/given_name', '/passengers/0/family_name'])
})

test('SQL is text like any other wherever free text is taken', async () => {
  const text = `Robert'); drop table bookings.bookings;-- $1 \${1} %s \\' "`
  const email = `${newKey()}@aeroflash.example`
  const account = { email, name: text, password: 'a long enough password' }
  const signedUp = await api.request.post('/api/auth/sign-up/email').send(account).expect(201)
  expect((signedUp.body as { account: { name: string } }).account.name).toBe(text)
  await api.request.get('/api/airports').query({ query: text }).expect(200, { airports: [] })
  const lookup = { booking_reference: 'K7PM3X', family_name: text }
  expect(refusalOf(await api.request.post('/api/bookings/lookup').send(lookup))).toEqual(
    refused('not-found'),
  )
  const { bookings } = await api.world.db.oneRow<{ bookings: boolean }>(
    sql('test.still_there')`select to_regclass('bookings.bookings') is not null as bookings`,
  )
  expect(bookings).toBe(true)
})

const tax = (changes: object) => ({
  code: `T${newKey().replaceAll('-', '').toUpperCase()}`,
  name_es: 'Impuesto',
  name_en: 'A tax',
  jurisdiction: 'CO-SAP',
  trigger: 'arrival',
  amount: 100,
  valid_from: '2026-01-01',
  ...changes,
})
const promotion = (changes: object) => ({
  code: newKey().slice(0, 8).toUpperCase(),
  name_es: 'Descuento',
  name_en: 'A discount',
  valid_from: '2026-01-01T00:00:00Z',
  valid_to: '2026-02-01T00:00:00Z',
  ...changes,
})

/** As text, since 1e999 is a number in JSON and in nothing else. */
const register = (what: 'destination-taxes' | 'promotions', rule: string | object) =>
  api.request
    .post(`/api/operations/${what}`)
    .set('Authorization', manager)
    .set('Idempotency-Key', newKey())
    .type('json')
    .send(rule)

const withNumber = (rule: object, literal: string) =>
  JSON.stringify(rule).replace('"HERE"', literal)

test.each(['-1', '0', '-0', '0.5', '100.5', '1e999', '-1e999', '1e16', '"100"', 'true', '[100]'])(
  'a tax of %s is no money',
  async (amount) => {
    const refusal = await register('destination-taxes', withNumber(tax({ amount: 'HERE' }), amount))
    expect(refusalOf(refusal)).toEqual(refused('validation-failed', '/amount'))
  },
)

test.each(['-1', '0', '0.5', '10001', '1e999', '"10"'])(
  'a tax of %s basis points is no share',
  async (points) => {
    const rule = tax({ amount: null, basis_points: 'HERE' })
    const refusal = refusalOf(await register('destination-taxes', withNumber(rule, points)))
    expect(refusal).toMatchObject({ status: 422, slug: 'validation-failed' })
    expect(refusal.at).toContain('/basis_points')
  },
)

test.each(['-1', '0', '1.5', '5001', '1e999', '"1000"', 'null'])(
  'a promotion of %s basis points is no discount',
  async (points) => {
    const rule = promotion({ basis_points: 'HERE' })
    expect(refusalOf(await register('promotions', withNumber(rule, points)))).toEqual(
      refused('validation-failed', '/basis_points'),
    )
  },
)

test('rules that contradict themselves are refused where they do', async () => {
  const contradictions = [
    ['/amount', 'destination-taxes', tax({ basis_points: 100 })],
    ['/amount', 'destination-taxes', tax({ amount: null })],
    ['/max_age', 'destination-taxes', tax({ min_age: 12, max_age: 2 })],
    ['/min_age', 'destination-taxes', tax({ min_age: -1 })],
    ['/valid_to', 'destination-taxes', tax({ valid_to: '2025-12-31' })],
    ['/valid_from', 'destination-taxes', tax({ valid_from: '2026-02-30' })],
    ['/currency', 'destination-taxes', tax({ currency: 'USD' })],
    ['/valid_to', 'promotions', promotion({ valid_to: '2026-01-01T00:00:00Z' })],
    ['/valid_to', 'promotions', promotion({ valid_to: '2026-02-30T00:00:00Z' })],
  ] as const
  for (const [at, what, rule] of contradictions)
    expect(refusalOf(await register(what, rule))).toEqual(refused('validation-failed', at))
})

test('what is refused is not stored, and what is right is', async () => {
  const list = await api.request.get('/api/operations/promotions').set('Authorization', manager)
  const codes = (list.body as { rules: { code: string }[] }).rules.map(({ code }) => code)
  const rule = promotion({})
  await register('promotions', rule).expect(201)
  const after = await api.request.get('/api/operations/promotions').set('Authorization', manager)
  const codesAfter = (after.body as { rules: { code: string }[] }).rules.map(({ code }) => code)
  expect(codesAfter.toSorted()).toEqual([...codes, rule.code].toSorted())
})

test('text with a NUL is refused, and so is a page that names no version', async () => {
  const name_es = 'Impuesto\u0000'
  expect(refusalOf(await register('destination-taxes', tax({ name_es })))).toEqual(
    refused('validation-failed'),
  )
  const { body } = await register('destination-taxes', tax({})).expect(201)
  const { id, version: _, ...rest } = body as Record<string, unknown>
  const { code: __, ...content } = rest
  const change = (match?: string) => {
    const asking = api.request
      .put(`/api/operations/destination-taxes/${String(id)}`)
      .set('Authorization', manager)
    return (match === undefined ? asking : asking.set('If-Match', match)).send(content)
  }
  expect(refusalOf(await change())).toEqual(refused('precondition-required'))
  for (const match of [
    '*',
    'v1',
    '"1"',
    'W/"v1"',
    '"v0"',
    '"v-1"',
    '"v1e0"',
    '"v99999999999"',
    '"v2"',
  ])
    expect(refusalOf(await change(match))).toEqual(refused('version-conflict'))
  await change('"v1"').expect(200)
})
