import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApi } from '../../backend/test/test-api.ts'
import type { TestApi } from '../../backend/test/test-api.ts'
import { requireTool, titled } from '../../backend/test/debian-package.ts'
import { askRaw, sendRaw, startUpstream, statusOf } from './edge-peers.ts'
import { startNginx } from './nginx.ts'
import type { Nginx } from './nginx.ts'

const binary = await requireTool('nginx')

describe.skipIf(!binary)(titled('what a client cannot make Nginx believe', 'nginx', binary), () => {
  let heard: IncomingMessage[]
  let echo: Awaited<ReturnType<typeof startUpstream>>
  let nginx: Nginx
  let behindBalancer: Nginx
  beforeAll(async () => {
    echo = await startUpstream((request, answer) => {
      heard.push(request)
      answer.writeHead(200, { 'X-Powered-By': 'us', 'X-Request-Id': 'of the API' }).end('ok')
    })
    heard = []
    const setup = { binary: binary!, siteRoot: '/nonexistent', api: { blue: echo.address } }
    nginx = await startNginx(setup)
    behindBalancer = await startNginx({ ...setup, trustedProxy: '127.0.0.1' })
  })
  afterAll(async () => {
    await Promise.all([nginx?.stop(), behindBalancer?.stop()])
    await echo?.die()
  })

  const forged = [
    'X-Real-IP: 203.0.113.9',
    'X-Forwarded-For: 203.0.113.9, 203.0.113.10',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Host: evil.example',
    'X-Forwarded-Port: 444',
    'Forwarded: for=203.0.113.9',
    'X-Request-Id: 00000000000000000000000000000000',
    'X-Request-Start: t=1',
    'X-Aeroflash-Client-Address: 203.0.113.9',
    'X_Real_IP: 203.0.113.9',
    'Connection: close, X-Real-IP',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
  ]

  test('what it says of itself is overwritten', async () => {
    const answer = await askRaw(nginx.url, '/api/anything', ...forged)
    const { headers } = heard.at(-1)!
    expect(headers).toMatchObject({
      'x-real-ip': '127.0.0.1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'localhost',
    })
    expect(headers['x-request-id']).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
    expect(headers['x-request-start']).toMatch(/^t=\d{10}\.\d{3}$/)
    const startedAt = Number(headers['x-request-start']!.slice(2)) * 1000
    expect(Math.abs(Date.now() - startedAt)).toBeLessThan(5_000)
    for (const name of ['forwarded', 'x-forwarded-port', 'x-aeroflash-client-address', 'upgrade'])
      expect([name, headers[name]]).toEqual([name, undefined])
    expect(JSON.stringify(headers)).not.toMatch(/203\.0\.113|evil/)
    // One id, the same on both sides, and nothing of what the API runs on.
    expect(answer.match(/^X-Request-Id: .*$/gm)).toEqual([
      `X-Request-Id: ${String(headers['x-request-id'])}`,
    ])
    expect(answer).not.toContain('X-Powered-By')
  })

  test('of a balancer that is trusted, its own entry counts, and not what stood before it', async () => {
    await askRaw(behindBalancer.url, '/api/anything', ...forged)
    expect(heard.at(-1)!.headers).toMatchObject({
      'x-real-ip': '203.0.113.10',
      'x-forwarded-for': '203.0.113.10',
      'x-forwarded-proto': 'https',
    })
  })

  test('the API is asked by HTTP/1.1 over connections that stay open', async () => {
    heard = []
    for (let time = 0; time < 20; time++) await fetch(`${nginx.url}/api/anything`)
    expect(heard.every(({ httpVersion }) => httpVersion === '1.1')).toBe(true)
    expect(heard[0]!.headers.connection).not.toBe('close')
    // One for each worker at most.
    expect(new Set(heard.map(({ socket }) => socket.remotePort)).size).toBeLessThanOrEqual(8)
  })

  test('the API reads the path that Nginx has read, whatever was written', async () => {
    const written: Record<string, string> = {
      '/api/a/../b': '/api/b',
      '/api/./b//c': '/api/b/c',
      '/api/%2e%2e/api/b': '/api/b',
      '/api/%61uthor': '/api/author',
      '/x/../api/b?next=/../y': '/api/b?next=/../y',
      '/api/b#c': '/api/b',
      '/api/b%0d%0aX-Evil:%20yes': '/api/b%0D%0AX-Evil:%20yes',
      '/api/flights#?origin=BOG': '/api/flights',
    }
    for (const [target, read] of Object.entries(written)) {
      const answer = await askRaw(nginx.url, target)
      expect([target, statusOf(answer), heard.at(-1)!.url]).toEqual([target, 200, read])
      expect(heard.at(-1)!.headers).not.toHaveProperty('x-evil')
    }
    const id = '00000000-0000-4000-8000-000000000000'
    const events = `/api/flights/${id}/status/events`
    await askRaw(nginx.url, `${events}%0d%0aX-Evil:%20yes`)
    expect(heard.at(-1)!.headers).not.toHaveProperty('x-evil')
    await askRaw(nginx.url, events)
    expect(heard.at(-1)!.url).toBe(events)
  })

  test('a request cannot hide another one', async () => {
    heard = []
    const smuggled = 'GET /api/hidden HTTP/1.1\r\nHost: x\r\n\r\n'
    const head = 'POST /api/open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n'
    const both = `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`
    const twice = `${head}Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`
    const odd = `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`
    for (const request of [both, twice, odd])
      expect(statusOf(await sendRaw(nginx.url, request))).toBeGreaterThanOrEqual(400)
    expect(heard.map(({ url }) => url)).toEqual([])
  })
})

describe.skipIf(!binary)(titled('what Nginx has no way to', 'nginx', binary), () => {
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

  test.each([
    '/metrics',
    '//metrics',
    '/metrics/',
    '/%6detrics',
    '/METRICS',
    '/api/metrics',
    '/api/../metrics',
    '/api/%2e%2e/metrics',
    '/api/..%2fmetrics',
    '/api//metrics',
    '/api/..;/metrics',
    '/api\\..\\metrics',
    '/nginx_status',
    '//nginx_status',
    '/api/nginx_status',
    '/stub_status',
    '/internal/inflight',
    '/api/internal/inflight',
    '/maintenance.html',
    '/slot/active-slot.conf',
    '/nginx.conf',
    '/assets/..%2f..%2f..%2f..%2fetc/passwd',
    '/assets/%2e%2e/%2e%2e/etc/passwd',
  ])('%s', async (target) => {
    const answer = await askRaw(nginx.url, target)
    expect([400, 404]).toContain(statusOf(answer))
    expect(answer).not.toMatch(/process_cpu|Active connections|root:|keepalive|Volvemos/)
  })

  test('an address as a proxy is asked for is a path like any other', async () => {
    const answer = await askRaw(nginx.url, 'http://127.0.0.1:9464/metrics')
    expect(statusOf(answer)).toBe(404)
    const tunnel = 'CONNECT 127.0.0.1:9464 HTTP/1.1\r\nHost: x\r\n\r\n'
    expect([400, 405]).toContain(statusOf(await sendRaw(nginx.url, tunnel)))
  })

  test('its own figures are on the other port, and nothing else is', async () => {
    const ask = (path: string) => fetch(nginx.statusUrl + path)
    expect(await (await ask('/nginx_status')).text()).toMatch(/^Active connections: \d+/)
    expect((await ask('/healthz')).status).toBe(200)
    for (const path of ['/', '/api/airports', '/index.html'])
      expect((await ask(path)).status).toBe(404)
  })
})
