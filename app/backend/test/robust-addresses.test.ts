import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../kernel/sql.ts'
import { dayIn, orderFor, passengerOf } from './passenger.ts'
import type { Found, Offer, Placed } from './passenger.ts'
import { refusalOf, refused } from './refusal.ts'
import { watchStatus } from './status-watcher.ts'
import { newKey, startTestApi } from './test-api.ts'

const api = await startTestApi()
afterAll(() => api.close())
const guest = passengerOf(api)

let flight: Found
let offer: Offer
let passenger: string
beforeAll(async () => {
  const [first] = await guest.search()
  flight = first!
  offer = await guest.offer([flight.id])
  passenger = await api.signIn('passenger')
})

const search = { origin: 'BOG', destination: 'ADZ', departure_date: dayIn(3) }
const ask = (query: object) => api.request.get('/api/flights').query(query)
const cursor = (read: string) => Buffer.from(read).toString('base64url')

const methods = ['post', 'put', 'patch', 'delete', 'options'] as const

test('an address that leads nowhere is a 404 with a problem, whatever the method', async () => {
  for (const path of ['/', '/api', '/api/nothing', '/api/airports/', '/api//airports', '/api/%'])
    expect(refusalOf(await api.request.get(path))).toEqual(refused('not-found'))
  for (const method of methods)
    expect(refusalOf(await api.request[method]('/api/nothing'))).toEqual(refused('not-found'))
})

test('an address that does not do that is a 405, which says what it does', async () => {
  for (const method of methods) {
    const answer = await api.request[method]('/api/flights')
    expect(refusalOf(answer)).toEqual(refused('method-not-allowed'))
    expect(answer.headers.allow).toBe('GET, HEAD')
  }
  const looked = await api.request.get(`/api/bookings/${flight.id}/payments`)
  expect(refusalOf(looked)).toEqual(refused('method-not-allowed'))
  expect(looked.headers.allow).toBe('POST')
})

test('an address is asked for without its body by HEAD', async () => {
  const there = await api.request.head('/api/airports').expect(200)
  expect(there.headers['content-type']).toBe('application/json')
  expect(there.text).toBeUndefined()
  await api.request.head('/api/nothing').expect(404)
})

const listening = async () => {
  const { listening } = await api.world.db.oneRow<{ listening: number }>(sql('test.listening')`
    select count(*)::int as listening from pg_stat_activity
     where datname = current_database() and application_name = 'aeroflash-status-feed'`)
  return listening
}

test('an address of a stream is looked at by HEAD without anybody being left watching', async () => {
  const address = `/api/flights/${flight.id}/status/events`
  const looked = await api.request.head(address).expect(200)
  expect(looked.headers['content-type']).toBe('text/event-stream')
  await wait(200)
  expect(await listening()).toBe(0)
  const watcher = watchStatus(api.url, flight.id)
  await expect.poll(listening).toBe(1)
  await watcher.leave()
})

test('an address that is very long is refused, and the next one is served', async () => {
  expect(refusalOf(await api.request.get(`/api/${'a'.repeat(8_000)}`))).toEqual(
    refused('not-found'),
  )
  await api.request.get(`/api/${'a'.repeat(20_000)}`).expect(431)
  await api.request.get('/api/airports').expect(200)
})

test('an address with an id that is none says so', async () => {
  const ids = ['1', 'null', '%00', '%E0%A4%A', '%F0%9F%9B%AB', `${randomUUID()}0`, '..%2f..%2fetc']
  for (const id of ids)
    expect(refusalOf(await api.request.get(`/api/flights/${id}`))).toEqual(
      refused('validation-failed', 'param/id'),
    )
})

test('an address takes an id in capitals too', async () => {
  await api.request.get(`/api/flights/${flight.id.toUpperCase()}`).expect(200)
  const capitals = await guest.offer([flight.id.toUpperCase()])
  expect(capitals.total).toEqual(offer.total)
})

test('an address with a parameter that is there twice, is unknown or is missing says which', async () => {
  const { origin: _, ...lacking } = search
  expect(refusalOf(await ask(search).query('origin=MDE'))).toEqual(
    refused('validation-failed', 'query/origin'),
  )
  expect(refusalOf(await ask({ ...search, cabin: 'first' }))).toEqual(
    refused('validation-failed', 'query/cabin'),
  )
  expect(refusalOf(await ask(lacking))).toEqual(refused('validation-failed', 'query/origin'))
})

test('an address with numbers that make no sense says which', async () => {
  for (const passengers of ['0', '10', '-1', '1.5', '1e999', 'NaN', 'two', '', '2,3'])
    expect(
      refusalOf(await api.request.get('/api/flights').query({ ...search, passengers })),
    ).toEqual(refused('validation-failed', 'query/passengers'))
})

test('an address that is escaped badly, or holds what PostgreSQL cannot store, is nobody’s fault but its own', async () => {
  await api.request.get('/api/airports?query=%E0%A4%A').expect(200, { airports: [] })
  await api.request.get('/api/airports?query=%25').expect(200, { airports: [] })
  await api.request.get('/api/airports?query=%5C').expect(200, { airports: [] })
  expect(refusalOf(await api.request.get('/api/airports?query=%00'))).toEqual(
    refused('validation-failed'),
  )
})

const id = '6f1c2d3e-0000-4000-8000-000000000000'
const strange = [
  'x',
  '%00',
  'a'.repeat(201),
  cursor(`1 ${id}`),
  cursor(`Jan 1 2026 ${id}`),
  cursor(`+275760-09-13T00:00:00.000Z ${id}`),
  cursor(`2026-01-01T00:00:00Z ${'-'.repeat(36)}`),
  cursor('["2026-01-01", 1]'),
  cursor(`["1","${id}"]`),
  cursor('{}'),
]

test.each(strange)('an address with the cursor %s says that it is none of ours', async (after) => {
  const found = await api.request.get('/api/flights').query(search).query(`after=${after}`)
  expect(refusalOf(found)).toEqual(refused('validation-failed', 'query/after'))
  const mine = await api.request.get(`/api/bookings?after=${after}`).set('Authorization', passenger)
  expect(refusalOf(mine)).toEqual(refused('validation-failed', 'query/after'))
})

test('a request bears the id that Nginx gave it, and no other that was brought along', async () => {
  const known = '0123456789abcdef0123456789abcdef'
  const kept = await api.request.get('/api/nothing').set('X-Request-Id', known)
  expect(refusalOf(kept)).toEqual(refused('not-found'))
  expect(kept.headers['x-request-id']).toBe(known)
  for (const brought of ['short', known.toUpperCase(), `${known} {"level":"error"}`]) {
    const { headers } = await api.request.get('/api/airports').set('X-Request-Id', brought)
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/)
  }
})

test('a request does not show how we are built when it is no HTTP, and the next one is served', async () => {
  const { port } = new URL(api.url)
  const requests = [
    'GET /api/airports HTTP/1.1\r\nHost: [bad\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: a\r\n',
    'FOO /api/airports HTTP/1.1\r\nHost: a\r\n',
    'POST /api/offers HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n',
    'hello\r\n',
  ]
  for (const request of requests) {
    const socket = connect(Number(port), '127.0.0.1')
    socket.end(`${request}Connection: close\r\n\r\n`)
    const answer = await text(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).not.toMatch(/node|hono|error/i)
  }
  await api.request.get('/api/airports').expect(200)
})

test('a request that is abandoned half-way is not waited for, and has no effect', async () => {
  const { port } = new URL(api.url)
  const order = JSON.stringify(orderFor(offer))
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    `POST /api/bookings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n` +
      `Idempotency-Key: ${newKey()}\r\nContent-Length: ${Buffer.byteLength(order)}\r\n\r\n`,
  )
  socket.end(order.slice(0, 100))
  await text(socket)
  const { body } = await guest.post('/api/bookings', orderFor(offer)).expect(201)
  expect((body as Placed).booking_reference).toMatch(/^[A-Z2-9]{6}$/)
})
