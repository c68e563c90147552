import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { requireTool, titled } from '../../backend/test/debian-package.ts'
import { askRaw, statusOf } from './edge-peers.ts'
import { makeSite, script } from './edge-site.ts'
import { startNginx } from './nginx.ts'
import type { Nginx } from './nginx.ts'

const binary = await requireTool('nginx')
const nobody = '127.0.0.1:9'
const brotli = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so'

describe.skipIf(!binary)(titled('the site by Nginx', 'nginx', binary), () => {
  let site: Awaited<ReturnType<typeof makeSite>>
  let nginx: Nginx
  beforeAll(async () => {
    site = await makeSite()
    nginx = await startNginx({ binary: binary!, siteRoot: site.root, api: { blue: nobody } })
  })
  afterAll(async () => {
    await Promise.all([nginx?.stop(), site?.remove()])
  })

  const get = (path: string, headers = {}) => fetch(nginx.url + path, { headers })

  test('each page that the site routes is shown, and no other path', async () => {
    for (const page of await routedPages())
      expect([page, (await get(page)).status]).toEqual([page, 200])
    for (const path of [
      '/nothing',
      '/seats/12A',
      '/index.php',
      '/.env',
      '/.git/config',
      '/results/',
    ]) {
      const answer = await get(path)
      expect([path, answer.status]).toEqual([path, 404])
      // The site itself says what is not there.
      expect(await answer.text()).toContain('<title>AeroFlash</title>')
    }
  })

  test('a page is never an old one: it is asked for anew, and 304 while it has not changed', async () => {
    const page = await get('/results')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const etag = page.headers.get('etag')!
    expect((await get('/results', { 'If-None-Match': etag })).status).toBe(304)
    expect((await get('/results', { 'If-None-Match': '"other"' })).status).toBe(200)
  })

  test('what has a hash in its name is kept for a year, and one that is missing is not', async () => {
    const asset = await get('/assets/main-4f2a9c1b.js')
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    const missing = await get('/assets/main-00000000.js')
    expect(missing.status).toBe(404)
    expect(missing.headers.get('cache-control')).toBe('no-store')
    expect(await missing.text()).not.toContain('AeroFlash')
    expect((await get('/assets/')).status).toBe(404)
  })

  test('a file goes out as it was compressed when the site was built', async () => {
    const asset = '/assets/main-4f2a9c1b.js'
    const zipped = await askRaw(nginx.url, asset, 'Accept-Encoding: gzip')
    expect(zipped).toMatch(/^Content-Encoding: gzip/m)
    expect(zipped).toMatch(/^Vary: Accept-Encoding/m)
    const body = Buffer.from(zipped.slice(zipped.indexOf('\r\n\r\n') + 4), 'latin1')
    expect(body).toEqual(await readFile(`${site.root}${asset}.gz`))
    expect(gunzipSync(body).toString()).toBe(script)
    expect(await askRaw(nginx.url, asset)).not.toMatch(/^Content-Encoding/m)
    // The list of pages decides, so what lies beside the site is not served under another name.
    expect(statusOf(await askRaw(nginx.url, '/../../etc/passwd'))).toBe(400)
  })

  test.skipIf(!existsSync(brotli))('where the module is installed, in brotli', async () => {
    const more = {
      'modules/brotli.conf': `load_module ${brotli};\n`,
      'optional/brotli.conf': 'brotli_static on;\n',
    }
    const setup = { binary: binary!, siteRoot: site.root, api: { blue: nobody }, more }
    const withBrotli = await startNginx(setup)
    onTestFinished(withBrotli.stop)
    const asked = { headers: { 'Accept-Encoding': 'br, gzip' } }
    const answer = await fetch(`${withBrotli.url}/assets/main-4f2a9c1b.js`, asked)
    expect(answer.headers.get('content-encoding')).toBe('br')
    expect(answer.headers.get('vary')).toBe('Accept-Encoding')
    expect(await answer.text()).toBe(script)
  })

  test('without the API the site is shown all the same; only pages of the API are replaced', async () => {
    expect((await get('/')).status).toBe(200)
    const docs = await get('/api/docs')
    expect([docs.status, docs.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await docs.text()).toContain('Volvemos enseguida')
  })

  test('while the switch is there the site is closed, in both languages, and nothing reaches the API', async () => {
    await nginx.close()
    const page = await get('/results')
    expect(page.status).toBe(503)
    expect(page.headers.get('retry-after')).toBe('5')
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const text = await page.text()
    expect(text).toContain('Volvemos enseguida')
    expect(text).toContain('Back in a moment')
    expect(text).not.toMatch(/(src|href|url)\s*[=(]/)
    const asked = await get('/api/flights')
    expect(asked.headers.get('content-type')).toBe('application/problem+json')
    expect([asked.status, await asked.json()]).toMatchObject([
      503,
      { type: '/problems/dependency-unavailable' },
    ])
    const line = await nginx.logLineOf(asked.headers.get('x-request-id'))
    expect(line).toMatchObject({ status: '503', upstream: '' })
    // A health check still goes through to the API, which is not there in this test.
    const probe = await get('/api/readyz')
    expect(probe.headers.get('retry-after')).toBe('5')
    await nginx.open()
    expect((await get('/results')).status).toBe(200)
  })
})

/** As main.tsx routes them, with an example for each parameter. */
const routedPages = async () => {
  const main = new URL('../site/main.tsx', import.meta.url)
  const routes = (await readFile(main, 'utf8')).matchAll(/<Route path="([^"]+)"/g)
  const pages = [...routes].map(([, path]) => path!.replaceAll(/:\w+/g, 'AF-1234_x'))
  expect(pages.length).toBeGreaterThan(5)
  return pages
}
