import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { registry } from '../kernel/metrics.ts'
import { startFakeLoki } from '../test/fake-loki.ts'
import type { FakeLoki } from '../test/fake-loki.ts'
import { createLogger } from './logger.ts'
import { shipToLoki } from './loki.ts'

vi.setConfig({ testTimeout: 120_000, expect: { poll: { timeout: 60_000 } } })

const startLoki = async (port?: number) => {
  const loki = await startFakeLoki(port)
  onTestFinished(() => loki.close())
  return loki
}

let written = 0

/** A logger as the API's, whose lines go to this Loki only; the tests' own output stays readable. */
const openLogger = (url: string, { bytesMax = 32 * 1024 * 1024, flushMs = 10_000 } = {}) => {
  const told: string[] = []
  const ship = shipToLoki({
    url,
    service: 'aeroflash-api',
    env: 'test',
    bytesMax,
    flushMs,
    tell: (_level, _about, message) => told.push(message),
  })
  const write = (line: string) => {
    written += 1
    ship.write(line)
  }
  const about = { service: 'aeroflash-api', version: 'v7', level: 'info' } as const
  const logger = createLogger(about, { ...ship, write })
  return { logger, told, flush: () => new Promise<void>((done) => ship.flush(done)) }
}

const shipped = async () => {
  const text = await registry.metrics()
  const read = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1])
  return {
    sent: read('log_ship_sent_total'),
    dropped: read('log_ship_dropped_total'),
    retries: read('log_ship_retries_total'),
    waiting: read('log_ship_waiting_bytes'),
  }
}

// A counter shows its first number at the second look.
beforeAll(() => shipped())

/** The counts are of all loggers here: whoever reads on from them waits until the lines before are in them. */
const allCounted = async () => {
  await expect
    .poll(async () => {
      const { sent, dropped } = await shipped()
      return sent + dropped
    })
    .toBe(written)
  return shipped()
}

const numbersOf = (loki: FakeLoki) =>
  loki.entries().flatMap(({ line }) => (typeof line['n'] === 'number' ? [line['n']] : []))

const countTo = (count: number) => Array.from({ length: count }, (_, n) => n)

const arrived = async (loki: FakeLoki, count: number) => {
  await expect.poll(() => loki.entries().length, { interval: 200 }).toBeGreaterThanOrEqual(count)
  expect(new Set(numbersOf(loki)).size).toBe(count)
}

const ids = {
  request_id: '0af7651916cd43dd8448eb211c80319c',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  booking_reference: 'K7QX4M',
}

test('Loki gets three labels, the ids as metadata and not once more in the line, and numbers for times', async () => {
  const loki = await startLoki()
  const { logger, flush } = openLogger(loki.url)
  const before = Date.now()
  logger.info({ ...ids, route: '/api/flights', dur_ms: 3.4 }, 'request')
  logger.warn({ query: 'flights.search' }, 'slow query')
  logger.error({ err: new Error('broken') }, 'request failed')
  await flush()

  const [request, slow, failed] = loki.entries()
  expect(loki.entries()).toHaveLength(3)
  expect(request!.labels).toEqual({ service_name: 'aeroflash-api', env: 'test', level: 'info' })
  expect(slow!.labels).toEqual({ service_name: 'aeroflash-api', env: 'test', level: 'warn' })
  expect(failed!.labels).toMatchObject({ level: 'error' })
  expect(request!.metadata).toEqual({ ...ids, version: 'v7', instance: expect.any(String) })
  expect(Object.keys(slow!.metadata).toSorted()).toEqual(['instance', 'version'])
  expect(request!.line).toEqual({ route: '/api/flights', dur_ms: 3.4, msg: 'request' })
  expect(failed!.line).toMatchObject({ err: { type: 'Error', message: 'broken' } })
  for (const { time } of loki.entries()) {
    expect(time).toMatch(/^\d{19}$/)
    const milliseconds = Number(time.slice(0, 13))
    expect(milliseconds).toBeGreaterThanOrEqual(before)
    expect(milliseconds).toBeLessThanOrEqual(Date.now())
  }
})

test('many lines come gzipped, one stream a level, in their order, no two of one time', async () => {
  const loki = await startLoki()
  const { logger, flush } = openLogger(loki.url)
  for (const n of countTo(3_000)) logger[n % 10 === 0 ? 'warn' : 'info']({ n }, 'the same')
  await flush()
  expect(new Set(numbersOf(loki)).size).toBe(3_000)
  expect(loki.pushes.length).toBeLessThan(20)
  const bytes = loki.pushes.reduce((sum, push) => sum + push.bytes, 0)
  expect(bytes / 3_000).toBeLessThan(40)
  for (const { headers, entries } of loki.pushes) {
    expect(headers['content-encoding']).toBe('gzip')
    expect(headers['content-type']).toBe('application/json')
    const streams = entries.map(({ labels }) => JSON.stringify(labels))
    expect(streams.filter((one, i) => one !== streams[i - 1]).length).toBeLessThanOrEqual(2)
  }
  const infos = loki.entries().filter(({ labels }) => labels['level'] === 'info')
  expect(infos.map(({ time }) => time)).toEqual(infos.map(({ time }) => time).toSorted())
  expect(infos.map(({ line }) => line['n'])).toEqual(countTo(3_000).filter((n) => n % 10 !== 0))
  expect(new Set(loki.entries().map(({ time }) => time)).size).toBe(3_000)
})

test('an outage of seconds loses nothing, is told once, and its end too', async () => {
  const first = await startFakeLoki()
  const { logger, told } = openLogger(first.url)
  const before = await allCounted()
  let n = 0
  const speak = async (milliseconds: number) => {
    const until = Date.now() + milliseconds
    while (Date.now() < until) {
      for (let i = 0; i < 10; i++) logger.info({ n: n++ }, 'request')
      await wait(50)
    }
  }
  await speak(1_500)
  await first.close()
  await speak(4_000)
  expect((await shipped()).waiting).toBeGreaterThan(0)
  const second = await startLoki(first.port)
  await speak(500)
  await expect.poll(() => new Set([...numbersOf(first), ...numbersOf(second)]).size).toBe(n)
  await expect.poll(() => told).toEqual(['Loki takes no log lines', 'Loki takes log lines again'])
  await expect.poll(async () => (await shipped()).sent - before.sent).toBe(n)
  const after = await shipped()
  expect(after.dropped).toBe(before.dropped)
  expect(after.retries).toBeGreaterThan(before.retries)
})

test('half a minute of a busy API waits within the bound while Loki is away, and then arrives', async () => {
  const first = await startFakeLoki()
  await first.close()
  const { logger, told } = openLogger(first.url)
  // 1,000 lines a second for 30 seconds.
  for (let n = 0; n < 30_000; n++) {
    logger.info(
      { n, ...ids, request_id: `${n}`.padStart(32, '0'), dur_ms: Math.random() },
      'request',
    )
    if (n % 200 === 0) await wait(1)
  }
  await expect.poll(() => told).toEqual(['Loki takes no log lines'])
  await expect.poll(async () => (await shipped()).waiting).toBeGreaterThan(5e5)
  expect((await shipped()).waiting).toBeLessThan(8e6)
  const second = await startLoki(first.port)
  await arrived(second, 30_000)
  // And not that the thread ended for want of memory.
  await expect.poll(() => told).toEqual(['Loki takes no log lines', 'Loki takes log lines again'])
})

test.each([500, 429])(
  'what Loki answers with %s is sent again until it is taken',
  async (status) => {
    const loki = await startLoki()
    loki.behave(status)
    const { logger } = openLogger(loki.url)
    for (const n of countTo(100)) logger.info({ n }, 'request')
    await expect.poll(() => loki.refused.length).toBeGreaterThan(2)
    loki.behave(204)
    await arrived(loki, 100)
    expect(numbersOf(loki)).toHaveLength(100)
  },
)

test('what Loki refuses for good is dropped and counted, and the next is taken', async () => {
  const loki = await startLoki()
  loki.behave(400)
  const { logger } = openLogger(loki.url)
  const before = await allCounted()
  for (const n of countTo(50)) logger.info({ n }, 'request')
  await expect.poll(async () => (await shipped()).dropped - before.dropped).toBe(50)
  expect(loki.refused).toHaveLength(1)
  loki.behave(204)
  logger.info({ n: 50 }, 'request')
  await arrived(loki, 1)
})

test('beyond its bound the oldest lines go, counted, and memory stays where it is', async () => {
  const first = await startFakeLoki()
  await first.close()
  const bound = 256 * 1024
  const { logger } = openLogger(first.url, { bytesMax: bound })
  const before = await allCounted()
  const noise = () => Math.random().toString(36)
  let n = 0
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < 500; i++) logger.info({ n: n++, a: noise(), b: noise() }, 'request')
    await wait(100)
    expect((await shipped()).waiting).toBeLessThanOrEqual(bound)
  }
  await expect.poll(async () => (await shipped()).dropped).toBeGreaterThan(before.dropped)
  const second = await startLoki(first.port)
  await expect
    .poll(async () => {
      const { sent, dropped } = await shipped()
      return sent + dropped - before.sent - before.dropped
    })
    .toBe(n)
  const { dropped } = await shipped()
  expect(new Set(numbersOf(second)).size).toBe(n - (dropped - before.dropped))
  expect(numbersOf(second)).toContain(n - 1)
})

test('a Loki that never answers keeps nobody waiting: not who logs, and not for long who ends', async () => {
  const loki = await startLoki()
  loki.behave('hang')
  const { logger, flush } = openLogger(loki.url, { flushMs: 1_000 })
  const slowest = { ms: 0 }
  for (const n of countTo(2_000)) {
    const started = performance.now()
    logger.info({ n }, 'request')
    slowest.ms = Math.max(slowest.ms, performance.now() - started)
    if (n % 100 === 0) await wait(5)
  }
  // An attempt takes 5 seconds here: whoever waited for one would show it, on a busy machine too.
  expect(slowest.ms).toBeLessThan(1_000)
  const started = performance.now()
  await flush()
  expect(performance.now() - started).toBeLessThan(4_000)
})

test('a name and a password in the address are sent as Basic, and not as part of it', async () => {
  const loki = await startLoki()
  const { logger, flush } = openLogger(loki.url.replace('//', '//tenant:s%40cret@'))
  logger.info({ n: 0 }, 'request')
  await flush()
  const basic = `Basic ${Buffer.from('tenant:s@cret').toString('base64')}`
  expect(loki.pushes[0]!.headers.authorization).toBe(basic)
})
