import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requireTool, titled } from '../../backend/test/debian-package.ts'
import { sendRaw, startUpstream } from './edge-peers.ts'
import { makeSite } from './edge-site.ts'
import { startNginx } from './nginx.ts'
import type { LogLine, Nginx } from './nginx.ts'

const binary = await requireTool('nginx')

const fields = [
  'ts',
  'request_id',
  'client',
  'method',
  'uri',
  'route_class',
  'status',
  'status_class',
  'bytes',
  'rt',
  'uct',
  'uht',
  'urt',
  'upstream',
  'ustatus',
  'cache',
  'limit',
  'agent',
]

describe.skipIf(!binary)(titled('what Nginx writes of each request', 'nginx', binary), () => {
  let api: Awaited<ReturnType<typeof startUpstream>>
  let site: Awaited<ReturnType<typeof makeSite>>
  let nginx: Nginx
  beforeAll(async () => {
    api = await startUpstream((_, answer) => answer.end('ok'))
    site = await makeSite()
    nginx = await startNginx({ binary: binary!, siteRoot: site.root, api: { blue: api.address } })
  })
  afterAll(async () => {
    await Promise.all([nginx?.stop(), site?.remove()])
    await api?.die()
  })

  const lineOf = async (path: string, headers = {}) =>
    nginx.logLineOf((await fetch(nginx.url + path, { headers })).headers.get('x-request-id'))

  test('a line says who asked for what, how it was answered, and where the time went', async () => {
    const line = await lineOf('/api/bookings/b1?token=secret', { 'User-Agent': 'test/1' })
    expect(line).toMatchObject({
      client: '127.0.0.1',
      method: 'GET',
      // What people look for and what opens a booking stays out of the logs.
      uri: '/api/bookings/b1',
      route_class: 'bookings',
      status: '200',
      status_class: '2xx',
      bytes: '2',
      upstream: api.address,
      ustatus: '200',
      limit: 'PASSED',
      agent: 'test/1',
    })
    expect(line.ts).toMatch(/^\d{10}\.\d{3}$/)
    for (const name of ['rt', 'uct', 'uht', 'urt']) expect(line[name]).toMatch(/^\d+\.\d{3}$/)
    const file = await lineOf('/assets/main-4f2a9c1b.js')
    expect(file).toMatchObject({ route_class: 'assets', urt: '', upstream: '', cache: '' })
  })

  test('each path belongs to one of a few classes, which follow the slices of the API', async () => {
    const classes: Record<string, string> = {
      '/': 'site',
      '/nothing': 'site',
      '/api/flights?origin=BOG': 'flights',
      '/api/flights/1/seats': 'flights',
      '/api/airports': 'airports',
      '/api/seat-holds': 'seats',
      '/api/offers': 'offers',
      '/api/change-quotes/1/confirm': 'bookings',
      '/api/payments/webhooks/gateway': 'payments',
      '/api/auth/get-session': 'auth',
      '/api/operations/flights': 'operations',
      '/api/reports/summary': 'reports',
      '/api/docs': 'api',
    }
    for (const [path, named] of Object.entries(classes))
      expect([path, (await lineOf(path)).route_class]).toEqual([path, named])
  })

  test('whatever a client sends, each request is one line of JSON with the same fields', async () => {
    const before = (await nginx.logLines()).length
    const hostile: Buffer[] = []
    const send = (target: string, agent: string | Buffer) => {
      const head = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: `
      hostile.push(
        Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(agent), Buffer.from('\r\n\r\n')]),
      )
    }
    send('/', '"}{"status":"200"')
    send('/', '\\", "admin": "yes')
    send('/', Buffer.from([0x41, 0xff, 0xfe, 0x80, 0xc3]))
    send('/', '\u2028 \u001b[31m {{7*7}} ${jndi:ldap://x}')
    send('/', 'x'.repeat(7_000))
    send('/a"b\\c%00%0a%22', 'tab\there')
    send(`/${'y'.repeat(7_000)}`, 'long')
    send('/\xff\xfe', 'bytes')
    send('/%ff%fe', 'bytes')
    hostile.push(Buffer.from('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'latin1'))
    hostile.push(Buffer.from('"{}\r\n\r\n'))
    for (const request of hostile) await sendRaw(nginx.url, request)

    // A line is written when the last byte has left, which may be after the client has read it.
    const written = async () => (await nginx.logLines()).slice(before)
    await expect.poll(written, { timeout: 5_000 }).toHaveLength(hostile.length)
    const lines = await written()
    for (const line of lines)
      expect(shapeOf(line)).toEqual({ fields, allText: true, isAscii: true })
    // In any order: each worker writes its own.
    const [agents, uris] = [lines.map(({ agent }) => agent!), lines.map(({ uri }) => uri!)]
    expect(lines).toContainEqual(
      expect.objectContaining({ agent: '"}{"status":"200"', status: '200' }),
    )
    expect(agents).toContain('A')
    expect(Math.max(...agents.map(({ length }) => length))).toBe(200)
    expect(Math.max(...uris.map(({ length }) => length))).toBe(503)
    // A line stays one write to the pipe that all workers share.
    const longest = Math.max(...lines.map((line) => JSON.stringify(line).length))
    expect(longest).toBeLessThan(4_096)
  })

  test('health checks are not news', async () => {
    const probe = await fetch(`${nginx.url}/api/healthz`)
    const next = await fetch(`${nginx.url}/api/airports`)
    await nginx.logLineOf(next.headers.get('x-request-id'))
    const ids = (await nginx.logLines()).map(({ request_id }) => request_id)
    expect(ids).not.toContain(probe.headers.get('x-request-id'))
  })

  test('the configuration says nothing to complain of', async () => {
    expect(await nginx.errors()).toBe('')
    const main = await readFile(new URL('../nginx/nginx.conf', import.meta.url), 'utf8')
    expect(main).toContain('include slot/active-slot.conf;')
  })
})

const shapeOf = (line: LogLine) => ({
  fields: Object.keys(line),
  allText: Object.values(line).every((value) => typeof value === 'string'),
  isAscii: /^[\x20-\x7e]*$/.test(Object.values(line).join('')),
})
