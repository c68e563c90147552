import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { registry } from '../../backend/kernel/metrics.ts'
import { dayIn } from '../../backend/test/passenger.ts'
import { startTestApi } from '../../backend/test/test-api.ts'
import type { TestApi } from '../../backend/test/test-api.ts'
import { requireTool, titled } from '../../backend/test/debian-package.ts'
import { startUpstream } from './edge-peers.ts'
import { startNginx } from './nginx.ts'
import type { Nginx } from './nginx.ts'

const binary = await requireTool('nginx')

/** How often the API has answered that route. The registry is this process's, as the API is. */
const answered = async (route: string) => {
  // A series that is new says 0 at its first look, whatever it has counted.
  await registry.metrics()
  // OpenMetrics knows a counter by its name without _total.
  const counted = (await registry.getMetricsAsJSON()).find(({ name }) => name === 'http_requests')
  return counted!.values
    .filter(({ labels }) => labels.route === route)
    .reduce((sum, { value }) => sum + value, 0)
}

describe.skipIf(!binary)(titled('what Nginx keeps for a second', 'nginx', binary), () => {
  let api: TestApi
  let nginx: Nginx
  beforeAll(async () => {
    api = await startTestApi()
    nginx = await startNginx({
      binary: binary!,
      siteRoot: '/nonexistent',
      api: { blue: new URL(api.url).host },
      trustedProxy: '127.0.0.1',
    })
  })
  afterAll(async () => {
    await nginx?.stop()
    await api?.close()
  })

  const search = (days: number) =>
    `/api/flights?origin=BOG&destination=ADZ&departure_date=${dayIn(days)}`

  // Each passenger from an address of their own, as the balancer would tell.
  const ask = (path: string, headers: Record<string, string> = {}, passenger = 1) =>
    fetch(nginx.url + path, {
      headers: { 'X-Forwarded-For': `198.51.100.${passenger % 250}`, ...headers },
    })
  const cacheOf = async (answer: Response) =>
    (await nginx.logLineOf(answer.headers.get('x-request-id'))).cache

  test('a hundred who ask for the same at once are one question to the API', async () => {
    const before = await answered('/api/flights')
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, passenger) => ask(search(3), {}, passenger)),
    )
    const bodies = new Set(await Promise.all(answers.map((answer) => answer.text())))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect(bodies.size).toBe(1)
    expect((await answered('/api/flights')) - before).toBe(1)
    const ids = new Set(answers.map(({ headers }) => headers.get('x-request-id')))
    expect(ids.size).toBe(100)
  })

  test('when it has become old, one renews it and the others do not wait', async () => {
    await ask(search(4))
    await wait(2_100)
    const before = await answered('/api/flights')
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(search(4))))
    expect((await answered('/api/flights')) - before).toBeLessThanOrEqual(2)
    const caches = await Promise.all(answers.map(cacheOf))
    expect(caches.filter((cache) => cache === 'EXPIRED').length).toBeLessThanOrEqual(2)
    expect(caches).toContain('EXPIRED')
  })

  test('whoever comes alone after two seconds sees what is true now', async () => {
    expect(await cacheOf(await ask(search(5)))).toBe('MISS')
    expect(await cacheOf(await ask(search(5)))).toBe('HIT')
    await wait(2_100)
    expect(await cacheOf(await ask(search(5)))).toBe('EXPIRED')
  })

  test('airports and the days around a date are kept, too; each query for itself', async () => {
    const days = `/api/flights/days?origin=BOG&destination=ADZ&from=${dayIn(3)}&to=${dayIn(5)}`
    for (const path of [days, '/api/airports?query=bog', '/api/airports?query=mde']) {
      expect(await cacheOf(await ask(path))).toBe('MISS')
      expect(await cacheOf(await ask(path))).toBe('HIT')
    }
  })

  test('who is somebody neither fills the cache nor is answered from it', async () => {
    const Authorization = await api.signIn('passenger')
    for (const [days, headers] of [
      [6, { Cookie: 'language=es' }],
      [7, { Authorization }],
    ] as const) {
      const before = await answered('/api/flights')
      for (let time = 0; time < 3; time++) {
        const answer = await ask(search(days), headers)
        expect([answer.status, await cacheOf(answer)]).toEqual([200, 'BYPASS'])
      }
      // Theirs were not kept for others,
      const other = await ask(search(days))
      expect(await cacheOf(other)).toBe('MISS')
      // and that of others is not shown to them.
      expect(await cacheOf(await ask(search(days), headers))).toBe('BYPASS')
      expect((await answered('/api/flights')) - before).toBe(5)
    }
  })

  test('a refusal is not kept, and names the request that it refuses', async () => {
    for (let time = 0; time < 2; time++) {
      const refused = await ask(search(300))
      expect(refused.status).toBe(422)
      expect(await cacheOf(refused)).toBe('MISS')
      const id = refused.headers.get('x-request-id')
      expect(await refused.json()).toMatchObject({ request_id: id })
    }
  })

  test('nothing but a 200 is kept, even if the API does not forbid it', async () => {
    let asked = 0
    const upstream = await startUpstream((_, answer) => {
      answer.writeHead([404, 302, 204, 500, 206][asked++ % 5]!).end()
    })
    const other = await startNginx({
      binary: binary!,
      siteRoot: '/nonexistent',
      api: { blue: upstream.address },
    })
    onTestFinished(async () => {
      await other.stop()
      await upstream.die()
    })
    for (let time = 0; time < 10; time++)
      await fetch(`${other.url}/api/airports`, { redirect: 'manual' })
    expect(asked).toBe(10)
  })

  test('a seat map, a flight and its status are not kept', async () => {
    const found = (await (await ask(search(8))).json()) as { flights: { id: string }[] }
    const flight = `/api/flights/${found.flights[0]!.id}`
    for (const path of [flight, `${flight}/seats`, `${flight}/status`, '/api/flights/promotion']) {
      const answer = await ask(path)
      expect(answer.status).toBe(200)
      expect(await cacheOf(answer)).toBe('')
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('no header of a client makes another answer under the same key', async () => {
    const first = await ask(search(9), {
      'X-Forwarded-Host': 'evil.example',
      'X-Original-URL': '/',
    })
    const text = await first.text()
    expect(text).not.toContain('evil')
    expect(await cacheOf(first)).toBe('MISS')
    const second = await ask(search(9), { Accept: 'text/html', Range: 'bytes=0-3' })
    expect(await cacheOf(second)).toBe('HIT')
    expect(text.startsWith(await second.text())).toBe(true)
  })
})
