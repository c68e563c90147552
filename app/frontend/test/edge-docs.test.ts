import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApi } from '../../backend/test/test-api.ts'
import type { TestApi } from '../../backend/test/test-api.ts'
import { requireTool, titled } from '../../backend/test/debian-package.ts'
import { makeSite } from './edge-site.ts'
import { startNginx } from './nginx.ts'
import type { Nginx } from './nginx.ts'

const binary = await requireTool('nginx')
const browserPath = binary && (await requireTool('chromium'))
const title = titled(titled('pages under their policy', 'nginx', binary), 'chromium', browserPath)

describe.skipIf(!browserPath)(title, () => {
  let api: TestApi
  let site: Awaited<ReturnType<typeof makeSite>>
  let nginx: Nginx
  let browser: Browser
  let complaints: string[]
  beforeAll(async () => {
    ;[api, site, browser] = await Promise.all([
      startTestApi(),
      makeSite({
        'index.html':
          '<!doctype html><title>AeroFlash</title><script>document.title = "inline"</script>' +
          '<p style="color: red">Hola</p><script src="https://evil.example/x.js"></script>',
      }),
      chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] }),
    ])
    const blue = new URL(api.url).host
    nginx = await startNginx({ binary: binary!, siteRoot: site.root, api: { blue } })
  })
  afterAll(async () => {
    await browser?.close()
    await nginx?.stop()
    await Promise.all([site?.remove(), api?.close()])
  })

  const open = async (path: string): Promise<Page> => {
    complaints = []
    const page = await browser.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(nginx.url + path)
    return page
  }

  test('the documents of the API can be read and opened, with nothing inline', async () => {
    const page = await open('/api/docs')
    const search = page.locator('.opblock', { hasText: '/api/flights' }).first()
    await search.waitFor()
    await search.click()
    await page.getByText('Try it out').first().waitFor()
    const padding = await search.evaluate((block) => getComputedStyle(block).borderTopWidth)
    expect(padding).toBe('1px')
    expect(complaints).toEqual([])
    await page.close()
  })

  test('in a page of the site neither an inline script nor one from elsewhere runs', async () => {
    const page = await open('/')
    expect(await page.title()).toBe('AeroFlash')
    const color = await page.locator('p').evaluate((text) => getComputedStyle(text).color)
    expect(color).toBe('rgb(0, 0, 0)')
    const refused = complaints.filter((text) => text.includes('Content Security Policy'))
    expect(refused.length).toBeGreaterThanOrEqual(3)
    await page.close()
  })

  test('the maintenance page looks as it should, alone', async () => {
    await nginx.close()
    const page = await open('/results')
    const background = await page
      .locator('body')
      .evaluate((body) => getComputedStyle(body).backgroundColor)
    expect(background).toBe('rgb(11, 42, 74)')
    expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([])
    if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT })
    await page.close()
    await nginx.open()
  })
})
