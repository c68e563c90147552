import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { startTestApi } from '../../backend/test/test-api.ts'
import { buildSite } from './built-site.ts'
import { lowPort } from './edge-process.ts'
import { startNginx } from './nginx.ts'

export type Tools = { nginx: string; chromium: string }
export type Site = Awaited<ReturnType<typeof startSite>>

export type Visit = { width?: number; language?: 'es' | 'en' }

/** The site as passengers meet it: built, behind the real Nginx, on the real API, in a real browser. */
export const startSite = async (tools: Tools) => {
  const built = await buildSite()
  const { root } = built
  const port = await lowPort()
  const nginx = await startNginx({
    binary: tools.nginx,
    siteRoot: root,
    api: { blue: `127.0.0.1:${port}` },
  })
  const api = await startTestApi({ port, publicUrl: nginx.url })
  const browser = await chromium.launch({
    executablePath: tools.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })

  /** A passenger with a browser of their own; what the page complains of fails the test. */
  const visit = async ({ width = 1280, language = 'es' }: Visit = {}) => {
    const context = await browser.newContext({
      baseURL: nginx.url,
      viewport: { width, height: 900 },
      locale: language === 'es' ? 'es-CO' : 'en-US',
      timezoneId: 'America/Bogota',
    })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('pageerror', ({ message }) => complaints.push(message))
    page.on('console', (said) => {
      // A refusal of the API is an answer that the page shows; the browser logs it all the same.
      if (said.type() === 'error' && !said.text().includes('Failed to load resource'))
        complaints.push(said.text())
    })
    return { page, complaints, close: () => context.close() }
  }

  return {
    root,
    api,
    nginx,
    visit,
    close: async () => {
      await browser.close()
      await api.close()
      await nginx.stop()
      await built.remove()
    },
  }
}

export type Visitor = Awaited<ReturnType<Site['visit']>>

export const openHome = async (page: Page) => {
  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).waitFor()
}
