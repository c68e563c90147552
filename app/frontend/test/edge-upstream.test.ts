import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dayIn } from '../../backend/test/passenger.ts'
import { startTestApi } from '../../backend/test/test-api.ts'
import type { TestApi } from '../../backend/test/test-api.ts'
import { requireTool, titled } from '../../backend/test/debian-package.ts'
import { lowPort, until } from './edge-process.ts'
import { startUpstream } from './edge-peers.ts'
import { startNginx } from './nginx.ts'
import type { Nginx } from './nginx.ts'

const binary = await requireTool('nginx')

type Upstream = Awaited<ReturnType<typeof startUpstream>>

const saying =
  (what: string, afterMs = 0): RequestListener =>
  (_, answer) =>
    void setTimeout(() => answer.end(what), afterMs)

describe.skipIf(!binary)(
  titled('when the API dies, returns or is replaced', 'nginx', binary),
  () => {
    let nginx: Nginx
    let ports: [number, number]
    let upstreams: Upstream[]
    beforeEach(async () => {
      ports = [await lowPort(), await lowPort()]
      upstreams = []
      const [blue, green] = ports.map((port) => `127.0.0.1:${port}`)
      const api = { blue: blue!, green: green! }
      // 127.0.0.1 may say where a request came from, so that load is not cut as a flood.
      const setup = { siteRoot: '/nonexistent', trustedProxy: '127.0.0.1', api }
      nginx = await startNginx({ binary: binary!, ...setup })
    })
    afterEach(async () => {
      await nginx.stop()
      await Promise.all(upstreams.map((upstream) => upstream.die()))
    })

    const serve = async (slot: 0 | 1, answer: RequestListener) => {
      const upstream = await startUpstream(answer, ports[slot])
      upstreams.push(upstream)
      return upstream
    }
    const die = async (upstream: Upstream) => {
      upstreams = upstreams.filter((other) => other !== upstream)
      await upstream.die()
    }
    const ask = () => fetch(`${nginx.url}/api/anything`)

    test('who asks meanwhile is told so and when to come back, and is served as soon as it is back', async () => {
      const first = await serve(0, saying('first'))
      expect(await (await ask()).text()).toBe('first')
      await die(first)
      const refused = await ask()
      expect(refused.status).toBe(503)
      expect(refused.headers.get('retry-after')).toBe('5')
      expect(refused.headers.get('content-type')).toBe('application/problem+json')
      expect(await refused.json()).toMatchObject({
        type: '/problems/dependency-unavailable',
        status: 503,
        request_id: refused.headers.get('x-request-id'),
      })
      expect(await nginx.logLineOf(refused.headers.get('x-request-id'))).toMatchObject({
        status: '503',
        ustatus: '502',
      })
      await serve(0, saying('second'))
      expect(await (await ask()).text()).toBe('second')
    })

    test('a process restarted between two requests is not noticed, even by a kept connection', async () => {
      for (let restart = 0; restart < 5; restart++) {
        const upstream = await serve(0, saying('here'))
        const answers = await Promise.all(Array.from({ length: 8 }, ask))
        expect(answers.every(({ ok }) => ok)).toBe(true)
        await die(upstream)
      }
    })

    test('dead in the middle of an answer: a GET is asked again, a POST is never sent twice', async () => {
      const asked = { GET: 0, POST: 0 }
      await serve(0, ({ method, socket }, answer) => {
        asked[method as 'GET' | 'POST'] += 1
        if (method === 'POST' || asked.GET === 31) socket.destroy()
        else answer.end('whole')
      })
      // Kept connections at every worker: only into one of them is anything sent again.
      await Promise.all(Array.from({ length: 30 }, ask))
      expect((await ask()).status).toBe(200)
      expect(asked.GET).toBe(32)
      for (let time = 1; time <= 10; time++) {
        await Promise.all(Array.from({ length: 4 }, ask))
        const post = await fetch(`${nginx.url}/api/bookings`, { method: 'POST', body: '{}' })
        expect([post.status, asked.POST]).toEqual([503, time])
      }
    })

    test('what the API says is not there or broken is passed on as it is', async () => {
      await serve(0, (_, answer) => answer.writeHead(503, { 'Retry-After': '9' }).end('draining'))
      const answer = await ask()
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '9'])
      expect(await answer.text()).toBe('draining')
    })

    test('a new version takes over by one include and a reload; nothing in flight is lost', async () => {
      await Promise.all([serve(0, saying('blue', 150)), serve(1, saying('green', 150))])
      const heard: string[] = []
      let isOver = false
      const passenger = async (method: string) => {
        while (!isOver) heard.push(await askOnce(`${nginx.url}/api/anything`, method))
      }
      const passengers = Array.from({ length: 24 }, (_, n) => passenger(n % 2 ? 'POST' : 'GET'))
      for (const slot of ['green', 'blue', 'green'] as const) {
        await wait(400)
        await nginx.switchTo(slot)
        const after = heard.length
        await until(() => heard.length > after + 48, 'no answers')
        expect(new Set(heard.slice(-12))).toEqual(new Set([slot]))
      }
      isOver = true
      await Promise.all(passengers)
      expect(heard.length).toBeGreaterThan(150)
      expect(heard.filter((answer) => answer !== 'blue' && answer !== 'green')).toEqual([])
    })

    test('a file that cannot be read leaves everything as it was', async () => {
      await serve(0, saying('blue'))
      await expect(nginx.switchTo('red' as 'blue')).rejects.toThrow('upstream-red.conf')
      expect(await (await ask()).text()).toBe('blue')
    })
  },
)

/** On a connection of its own: those that wait idle are closed by a reload, as HTTP lets a server do. */
const askOnce = async (url: string, method: string) => {
  const from = `198.51.100.${Math.ceil(Math.random() * 250)}`
  const asking = request(url, { method, agent: false, headers: { 'X-Forwarded-For': from } })
  asking.end()
  try {
    const [answer] = (await once(asking, 'response')) as [IncomingMessage]
    return (await answer.setEncoding('utf8').toArray()).join('')
  } catch (error) {
    return String(error)
  }
}

describe.skipIf(!binary)(titled('a flight’s status through Nginx', 'nginx', binary), () => {
  let api: TestApi
  let nginx: Nginx
  beforeAll(async () => {
    api = await startTestApi()
    const blue = new URL(api.url).host
    nginx = await startNginx({ binary: binary!, siteRoot: '/nonexistent', api: { blue } })
  })
  afterAll(async () => {
    await nginx?.stop()
    await api?.close()
  })

  test('each change arrives at once, over a reload as well', async () => {
    const path = `/api/flights?origin=BOG&destination=ADZ&departure_date=${dayIn(5)}`
    const { flights } = (await (await fetch(nginx.url + path)).json()) as {
      flights: { id: string }[]
    }
    const flight = flights[0]!.id
    const watching = new AbortController()
    const events = `${nginx.url}/api/flights/${flight}/status/events`
    const stream = await fetch(events, { signal: watching.signal })
    expect(stream.headers.get('content-type')).toBe('text/event-stream')
    expect(stream.headers.get('content-encoding')).toBe(null)
    expect(stream.headers.get('connection'), 'the next one meets the workers of then').toBe('close')
    let heard = ''
    const listening = stream
      .body!.pipeThrough(new TextDecoderStream())
      .pipeTo(new WritableStream({ write: (text) => void (heard += text) }))
      .catch(() => undefined)
    await until(() => heard.includes('"scheduled"'), 'the status now')

    const operator = await api.signIn('operator')
    const report = (source_seq: number, status: string) =>
      fetch(`${nginx.url}/api/operations/flights/${flight}/status-events`, {
        method: 'POST',
        headers: {
          Authorization: operator,
          'Content-Type': 'application/json',
          'Idempotency-Key': crypto.randomUUID(),
        },
        body: JSON.stringify({ source: 'tower', source_seq, status }),
      })
    const reportedAt = performance.now()
    expect((await report(1, 'check_in')).status).toBe(201)
    await until(() => heard.includes('"check_in"'), 'the first change')
    expect(performance.now() - reportedAt).toBeLessThan(2_000)

    await nginx.reload()
    expect((await report(2, 'boarding')).status).toBe(201)
    await until(() => heard.includes('"boarding"'), 'a change after a reload')
    watching.abort()
    await listening
  })

  test('one address holds twenty streams and no more', async () => {
    const path = `/api/flights?origin=BOG&destination=ADZ&departure_date=${dayIn(6)}`
    const { flights } = (await (await fetch(nginx.url + path)).json()) as {
      flights: { id: string }[]
    }
    const watching = new AbortController()
    const watch = () =>
      fetch(`${nginx.url}/api/flights/${flights[0]!.id}/status/events`, { signal: watching.signal })
    const streams = await Promise.all(Array.from({ length: 20 }, watch))
    expect(streams.every(({ status }) => status === 200)).toBe(true)
    expect((await watch()).status).toBe(429)
    watching.abort()
    await until(async () => {
      const again = await fetch(`${nginx.url}/api/airports`)
      return again.ok
    }, 'others are served')
  })
})
