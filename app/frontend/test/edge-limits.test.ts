import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startTestApi } from '../../backend/test/test-api.ts'
import type { TestApi } from '../../backend/test/test-api.ts'
import { requireTool, titled } from '../../backend/test/debian-package.ts'
import { askRaw, sendRaw, startUpstream, statusOf } from './edge-peers.ts'
import { startNginx } from './nginx.ts'
import type { Nginx } from './nginx.ts'

const binary = await requireTool('nginx')

describe.skipIf(!binary)(titled('how much Nginx lets in', 'nginx', binary), () => {
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

  const post = (path: string, body: string, from: string) =>
    fetch(nginx.url + path, {
      method: 'POST',
      headers: { 'X-Forwarded-For': from, 'Content-Type': 'application/json' },
      body,
    })
  const signIn = (from: string) => post('/api/auth/sign-in/email', '{}', from)
  const statuses = (answers: Response[]) => new Set(answers.map(({ status }) => status))
  const times = <Result>(count: number, ask: () => Promise<Result>) =>
    Promise.all(Array.from({ length: count }, ask))

  test('who guesses passwords is told to wait, and for how long, in the words of the API', async () => {
    const answers = await times(14, () => signIn('198.51.100.1'))
    const [refused] = answers.filter(({ status }) => status === 429)
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(11)
    expect(refused!.headers.get('retry-after')).toBe('3')
    expect(refused!.headers.get('cache-control')).toBe('no-store')
    expect(refused!.headers.get('content-type')).toBe('application/problem+json')
    expect(await refused!.json()).toEqual({
      type: '/problems/rate-limited',
      title: 'Too many attempts; wait a little.',
      status: 429,
      detail: 'Too many requests from your address. Try again in 3 s.',
      request_id: refused!.headers.get('x-request-id'),
    })
    // Others are not, and neither is the same person who asks whose session this is.
    expect((await signIn('198.51.100.2')).status).toBe(422)
    const session = { headers: { 'X-Forwarded-For': '198.51.100.1' } }
    expect((await fetch(`${nginx.url}/api/auth/get-session`, session)).status).toBe(200)
  })

  test('so is who guesses booking references, however the path is written', async () => {
    const from = ['X-Forwarded-For: 198.51.100.3', 'Content-Type: application/json']
    const body = JSON.stringify({ booking_reference: 'ABC234', family_name: 'x' })
    const lookUp = (target: string) =>
      sendRaw(
        nginx.url,
        `POST ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${from.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      )
    const ways = ['/api/bookings/lookup', '/api/bookings/%6cookup', '//api/./bookings/x/../lookup']
    const answers = await times(5, async () => Promise.all(ways.map(lookUp)))
    expect(answers.flat().filter((answer) => statusOf(answer) === 429).length).toBeGreaterThan(3)
    // A backslash is a slash to who reads addresses as browsers do; here it leads nowhere.
    const beside = await lookUp('/api/bookings\\lookup')
    expect(statusOf(beside)).toBe(404)
  })

  test('a whole IPv6 network counts as one address', async () => {
    const neighbours = await Promise.all(
      Array.from({ length: 14 }, (_, n) => signIn(`2001:db8:1:2:${n + 1}::1`)),
    )
    expect(neighbours.filter(({ status }) => status === 429)).toHaveLength(3)
    const shortened = await Promise.all(
      Array.from({ length: 14 }, (_, n) => signIn(`2001:db8:5::${n + 1}`)),
    )
    expect(shortened.filter(({ status }) => status === 429)).toHaveLength(3)
    expect((await signIn('2001:db8:1:3::1')).status).toBe(422)
  })

  test('a flood from one address is cut; a page that asks for much is not', async () => {
    const ask = () =>
      fetch(`${nginx.url}/api/airports?query=bog`, {
        headers: { 'X-Forwarded-For': '198.51.100.4' },
      })
    expect(statuses(await times(60, ask))).toEqual(new Set([200]))
    const flood = await times(200, ask)
    const refused = flood.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(100)
    expect(refused[0]!.headers.get('retry-after')).toBe('1')
  })

  test('a body over 64 kB is refused before it reaches the API, sent whole or in pieces', async () => {
    const whole = await post('/api/offers', 'x'.repeat(65_537), '198.51.100.5')
    expect(whole.status).toBe(413)
    expect(whole.headers.get('content-type')).toBe('application/problem+json')
    expect(await whole.json()).toMatchObject({
      type: '/problems/payload-too-large',
      request_id: whole.headers.get('x-request-id'),
    })
    const line = await nginx.logLineOf(whole.headers.get('x-request-id'))
    expect(line).toMatchObject({ status: '413', upstream: '' })

    const piece = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    const head = 'POST /api/offers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n'
    const inPieces = await sendRaw(
      nginx.url,
      `${head}Connection: close\r\n\r\n${piece.repeat(5)}0\r\n\r\n`,
    )
    expect(statusOf(inPieces)).toBe(413)
    expect(inPieces).toContain('/problems/payload-too-large')
    expect((await post('/api/offers', '{}', '198.51.100.5')).status).not.toBe(413)
  })

  test('what the API itself refuses for being too often keeps its own words and its own wait', async () => {
    const upstream = await startUpstream((_, answer) =>
      answer.writeHead(429, { 'Retry-After': '77' }).end('of the API'),
    )
    const before = { binary: binary!, siteRoot: '/nonexistent', api: { blue: upstream.address } }
    const other = await startNginx(before)
    onTestFinished(async () => {
      await other.stop()
      await upstream.die()
    })
    const answer = await askRaw(other.url, '/api/anything')
    expect(statusOf(answer)).toBe(429)
    expect(answer.match(/^Retry-After: .*$/gm)).toEqual(['Retry-After: 77'])
    expect(answer).toContain('of the API')
  })
})
