import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { registry } from '../kernel/metrics.ts'
import { schedulesOf } from '../subscriptions.ts'
import { passengerOf } from './passenger.ts'
import { routeOf, routesOf } from './routes.ts'
import { newKey, startTestApi } from './test-api.ts'
import type { TestApi } from './test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const scrape = async () => (await registry.metrics()).split('\n')

const named = (lines: string[], name: string) =>
  lines.filter((line) => line.startsWith(name)).map((line) => line.replace(/ [^ ]+$/, ''))

test('the business has its series from boot, at 0, before anything was sold', async () => {
  const outcomes = (name: string, ...values: string[]) =>
    values.map((value) => `aeroflash_${name}{outcome="${value}"}`)
  const money = ['captured', 'refunded'].map(
    (way) => `aeroflash_payments_${way}_cents_total{currency="COP"}`,
  )
  expect(named(await scrape(), 'aeroflash_')).toEqual(
    expect.arrayContaining([
      ...outcomes('flights_searches_total', 'found', 'empty', 'refused'),
      ...outcomes('seats_holds_total', 'held', 'unavailable'),
      'aeroflash_seats_hold_expiries_total',
      ...outcomes('offers_quotes_total', 'quoted', 'refused'),
      ...outcomes('bookings_bookings_total', 'placed', 'sold_out', 'refused'),
      'aeroflash_bookings_confirmations_total',
      'aeroflash_bookings_cancellations_total',
      'aeroflash_bookings_expiries_total',
      'aeroflash_bookings_changes_total',
      ...outcomes('payments_payments_total', 'captured', 'declined', 'processing', 'failed'),
      ...money,
      'aeroflash_payments_stuck',
      'aeroflash_seats_capacity',
      'aeroflash_seats_sold',
      'aeroflash_seats_oversold',
    ]),
  )
})

const slow = {
  '/api/flights': 0.75,
  '/api/bookings': 1.5,
  '/api/bookings/:id/payments': 1.5,
  '/api/cancellation-quotes/:id/confirm': 1.5,
  '/api/change-quotes/:id/confirm': 1.5,
  '/api/auth/sign-in/email': 1.5,
  '/api/auth/sign-up/email': 1.5,
  '/api/auth/request-password-reset': 1.5,
  '/api/auth/reset-password': 1.5,
  '/api/auth/change-password': 1.5,
  '/api/airports': 0.3,
  '/api/offers': 0.3,
}

test('each route has the target that stands beside its definition, in the document and in the metrics', async () => {
  const lines = await scrape()
  const paths = api.document.paths as Record<string, Record<string, Record<string, unknown>>>
  for (const [route, seconds] of Object.entries(slow)) {
    expect(lines).toContain(`http_route_target_seconds{route="${route}"} ${seconds}`)
    const operations = Object.values(paths[route.replace(':id', '{id}')]!)
    const targets = operations.map((operation) => operation['x-latency-target-ms'])
    if (seconds !== 0.3) expect(targets).toContain(seconds * 1000)
  }
})

test('after every route was asked and every job has run, a scrape is short, and valid', async () => {
  const guest = passengerOf(api)
  const [flight] = await guest.search('BOG', 'ADZ', 9)
  const booked = await guest.book(await guest.offer([flight!.id]))
  await guest.pay(booked).expect(201)
  const admin = await api.signIn('admin')
  for (const route of routesOf(api).filter((one) => !one.endsWith('/status/events'))) {
    const { method, path } = routeOf(route)
    const answer = fetch(api.url + path.replace(/\{\w+\}/, flight!.id), {
      method,
      headers: {
        authorization: admin,
        'idempotency-key': newKey(),
        'content-type': 'application/json',
      },
      ...(method !== 'GET' && method !== 'HEAD' && { body: '{}' }),
    })
    await (await answer).arrayBuffer()
  }
  // Two months of seats are made elsewhere; here they would take a minute.
  const jobs = schedulesOf(api.world).filter(({ name }) => name !== 'flights.publish_schedule')
  for (const { run } of jobs) await run()

  expect((await scrape()).length).toBeLessThan(5_000)
  if (!hasPromtool) return
  const promtool = spawn('promtool', ['check', 'metrics'])
  const said = Promise.all([text(promtool.stdout), text(promtool.stderr)])
  promtool.stdin.end(inOldFormat(await registry.metrics()))
  const [code] = (await once(promtool, 'close')) as [number]
  expect({ code, said: (await said).join('') }).toEqual({ code: 0, said: '' })
})

/** promtool reads the format before OpenMetrics: counters by their whole name, no exemplars. */
const inOldFormat = (openMetrics: string) => {
  const counters = new Set([...openMetrics.matchAll(/^# TYPE (\S+) counter$/gm)].map(([, n]) => n))
  return openMetrics
    .replace(/^# EOF\n?/m, '')
    .replaceAll(/ # \{.*$/gm, '')
    .replaceAll(/^# (HELP|TYPE) (\S+)/gm, (line, _, name: string) =>
      counters.has(name) ? `${line}_total` : line,
    )
}

const hasPromtool = spawnSync('promtool', ['--version']).status === 0
