import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApi } from '../../backend/test/test-api.ts'
import type { TestApi } from '../../backend/test/test-api.ts'
import { requireTool, titled } from '../../backend/test/debian-package.ts'
import { askRaw, sendRaw, statusOf } from './edge-peers.ts'
import { makeSite } from './edge-site.ts'
import { startNginx } from './nginx.ts'
import type { Nginx } from './nginx.ts'

const binary = await requireTool('nginx')

describe.skipIf(!binary)(titled('what Nginx says with every answer', 'nginx', binary), () => {
  let api: TestApi
  let site: Awaited<ReturnType<typeof makeSite>>
  let nginx: Nginx
  let behindBalancer: Nginx
  beforeAll(async () => {
    ;[api, site] = await Promise.all([startTestApi(), makeSite()])
    const setup = { binary: binary!, siteRoot: site.root, api: { blue: new URL(api.url).host } }
    nginx = await startNginx(setup)
    behindBalancer = await startNginx({ ...setup, trustedProxy: '127.0.0.1' })
  })
  afterAll(async () => {
    await Promise.all([nginx?.stop(), behindBalancer?.stop(), site?.remove(), api?.close()])
  })

  const paths = [
    '/',
    '/no-such-page',
    '/assets/main-4f2a9c1b.js',
    '/assets/gone-00000000.js',
    '/api/airports?query=bog',
    '/api/flights',
    '/api/no-such-thing',
    '/api/docs',
    '/api',
  ]

  test.each(paths)('%s has every security header, once', async (path) => {
    const answer = await askRaw(nginx.url, path)
    expect(missingIn(answer)).toEqual([])
    expect(answer).not.toMatch(/^(Strict-Transport-Security|X-Powered-By):|nginx\/\d/im)
  })

  test('so has what is refused before anything is read', async () => {
    const close = 'Host: localhost\r\nConnection: close\r\n'
    const refused = [
      ['nonsense\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\n${close}X-Long: ${'x'.repeat(9_000)}\r\n\r\n`, 400],
      [`GET /${'x'.repeat(9_000)} HTTP/1.1\r\n${close}\r\n`, 414],
      [`TRACE / HTTP/1.1\r\n${close}\r\n`, 405],
      [`POST / HTTP/1.1\r\n${close}Content-Length: 2\r\n\r\n{}`, 405],
      [`GET / HTTP/1.1\r\nConnection: close\r\n\r\n`, 400],
    ] as const
    for (const [request, status] of refused) {
      const answer = await sendRaw(nginx.url, request)
      expect([request.slice(0, 40), statusOf(answer)]).toEqual([request.slice(0, 40), status])
      expect(missingIn(answer)).toEqual([])
    }
  })

  test('nothing inline is allowed anywhere, and nothing from elsewhere', async () => {
    for (const path of [...paths, '/metrics']) {
      const policy = (await fetch(nginx.url + path)).headers.get('content-security-policy')
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|https?:|\*/)
    }
  })

  test('https is asked for from now on only by who came over https, as the balancer says', async () => {
    const secure = { headers: { 'X-Forwarded-Proto': 'https' } }
    const hsts = async ({ url }: Nginx, path: string, asked = {}) =>
      (await fetch(url + path, asked)).headers.get('strict-transport-security')
    for (const path of ['/', '/assets/gone.js', '/api/airports', '/api/nothing']) {
      expect(await hsts(behindBalancer, path, secure)).toMatch(/^max-age=63072000/)
      expect(await hsts(behindBalancer, path)).toBe(null)
      // A client that is no balancer of ours has no say in it.
      expect(await hsts(nginx, path, secure)).toBe(null)
    }
  })

  test('each answer has an id of its own, which the API knows it by, too', async () => {
    const first = await fetch(`${nginx.url}/api/no-such-thing`)
    const second = await fetch(`${nginx.url}/`)
    const ids = [first, second].map(({ headers }) => headers.get('x-request-id'))
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(ids[1]).not.toBe(ids[0])
    expect(await first.json()).toMatchObject({ request_id: ids[0] })
  })

  test('the style of the maintenance page is the one that its policy names', async () => {
    const read = (name: string) => readFile(new URL(`../nginx/${name}`, import.meta.url), 'utf8')
    const style = /<style>(.*?)<\/style>/s.exec(await read('maintenance.html'))![1]!
    const hash = createHash('sha256').update(style).digest('base64')
    expect(await read('security.conf')).toContain(`'sha256-${hash}'`)
  })
})

const always = [
  'Content-Security-Policy',
  'X-Content-Type-Options',
  'Referrer-Policy',
  'Permissions-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Resource-Policy',
  'X-Request-Id',
  'Cache-Control',
]

const missingIn = (answer: string) =>
  always.filter((name) => [...answer.matchAll(new RegExp(`^${name}: \\S`, 'gim'))].length !== 1)
