import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { adult, passengerOf } from './passenger.ts'
import type { Found } from './passenger.ts'
import { refusalOf, refused } from './refusal.ts'
import { newKey, startTestApi } from './test-api.ts'

const api = await startTestApi()
afterAll(() => api.close())
const guest = passengerOf(api)

let flight: Found
let passenger: string
beforeAll(async () => {
  const [first] = await guest.search()
  flight = first!
  passenger = await api.signIn('passenger')
})

const asked = () => ({ slices: [{ flight_id: flight.id }], passengers: [adult] })

/** Sends a body as it is, letter by letter. */
const send = (body: string | Buffer, path = '/api/offers', type = 'application/json') =>
  api.request
    .post(path)
    .set('Idempotency-Key', newKey())
    .set('Content-Type', type)
    .serialize((raw: unknown) => raw as string)
    .send(body as string)

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

const answered = async (answer: Response) => ({
  status: answer.status,
  headers: Object.fromEntries(answer.headers),
  body: await answer.json(),
})

const askQuote = async (body: string) => {
  const path = `/api/bookings/${randomUUID()}/cancellation-quotes`
  return refusalOf(await send(body, path).set('Authorization', passenger))
}

test('a body with a field that we do not know is refused, and the field is named', async () => {
  const trip = { flight_id: flight.id, seat: '1A' }
  const unknown = { ...asked(), slices: [trip], discount: 100, 'a/b~c': 1 }
  expect(refusalOf(await send(JSON.stringify(unknown)))).toEqual(
    refused('validation-failed', '/slices/0/seat', '/discount', '/a~1b~0c'),
  )
})

test('a body with a field of the wrong type is refused, and the field is named', async () => {
  const wrong = {
    slices: {},
    passengers: [{ born_on: 19900517 }],
    pets: '1',
    promotion_code: null,
  }
  expect(refusalOf(await send(JSON.stringify(wrong)))).toEqual(
    refused('validation-failed', '/slices', '/passengers/0/born_on', '/pets', '/promotion_code'),
  )
})

test('a body that is no object is refused as a whole', async () => {
  for (const body of ['[]', 'null', '"offer"', '1', deep(30_000)])
    expect(refusalOf(await send(body))).toEqual(refused('validation-failed', ''))
})

test('a body with the names that JavaScript reserves has no effect but a refusal', async () => {
  const { slices, passengers } = asked()
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
    const rest = JSON.stringify({ slices, passengers }).slice(1)
    expect(refusalOf(await send(`{"${name}":{"pets":6},${rest}`))).toEqual(
      refused('validation-failed', `/${name}`),
    )
  }
  expect(({} as { pets?: number }).pets).toBeUndefined()
  await guest.offer([flight.id])
})

test('a body that is not JSON cannot be read', async () => {
  for (const body of [
    '{',
    '{"slices":',
    'hello',
    "{'pets':1}",
    '{"pets":01}',
    deep(30_000).slice(1),
  ])
    expect(refusalOf(await send(body))).toEqual(refused('malformed-request'))
})

test('a body that is empty is refused, whether it says that it is JSON or nothing at all', async () => {
  expect(refusalOf(await send(''))).toEqual(refused('malformed-request'))
  const bare = await api.request.post('/api/offers').set('Idempotency-Key', newKey())
  expect(refusalOf(bare)).toEqual(refused('validation-failed', '/slices', '/passengers'))
})

test('a body of another kind is refused before anything is read', async () => {
  const kinds = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=a',
    'application/jsonp',
    'text/json',
    'Application/JSON',
  ]
  for (const kind of kinds)
    expect(refusalOf(await send(JSON.stringify(asked()), '/api/offers', kind))).toEqual(
      refused('unsupported-media-type'),
    )
  await send(JSON.stringify(asked()), '/api/offers', 'application/json; charset=utf-8').expect(201)
})

test('a body where none is wanted is refused all the same when it is not JSON', async () => {
  expect(await askQuote('{')).toEqual(refused('malformed-request'))
  expect(await askQuote(deep(30_000))).toEqual(refused('malformed-request'))
  expect(await askQuote('{"any":"thing"}')).toEqual(refused('not-found'))
})

test('a body that is too large is refused, whether its length is said or not', async () => {
  const large = JSON.stringify({ ...asked(), note: 'a'.repeat(65_536) })
  expect(refusalOf(await send(large))).toEqual(refused('payload-too-large'))

  const pieces = ReadableStream.from([large.slice(0, 40_000), large.slice(40_000)])
  const unsaid = await fetch(`${api.url}/api/offers`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() },
    body: pieces.pipeThrough(new TextEncoderStream()),
    duplex: 'half',
  })
  expect(refusalOf(await answered(unsaid))).toEqual(refused('payload-too-large'))
})

test('a body that is as large as may be is read, whether its length is said or not', async () => {
  const short = JSON.stringify(asked())
  const full = short + ' '.repeat(65_536 - short.length)
  await send(full).expect(201)
  const unsaid = await fetch(`${api.url}/api/offers`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() },
    body: ReadableStream.from([full]).pipeThrough(new TextEncoderStream()),
    duplex: 'half',
  })
  expect(unsaid.status).toBe(201)
})
