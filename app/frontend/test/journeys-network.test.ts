import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dayIn } from '../../backend/test/passenger.ts'
import { openHome, startSite } from './browser.ts'
import type { Site, Visit, Visitor } from './browser.ts'
import { requireTool, titled } from '../../backend/test/debian-package.ts'
import { isSound, visitedBy, visits } from './visits.ts'
import type { Walk } from './visits.ts'
import { search } from './walk.ts'

const [nginx, chromium] = [await requireTool('nginx'), await requireTool('chromium')]
const tools = nginx && chromium ? { nginx, chromium } : undefined
const missing = nginx ? 'chromium' : 'nginx'

const said = {
  es: { title: 'No hay conexión', bar: /^Sin conexión/, status: 'Estado de vuelos' },
  en: { title: 'There is no connection', bar: /^No connection/, status: 'Flight status' },
}

let site: Site
const visiting = (visit: Visit, walk: Walk) => visitedBy(site, visit, walk)

const openWithWorker = async ({ page }: Visitor) => {
  await openHome(page)
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
}

describe.skipIf(!tools)(titled('a poor network, in a browser', missing, tools && 'here'), () => {
  beforeAll(async () => {
    site = await startSite(tools!)
  }, 120_000)
  afterAll(() => site.close())

  test.each(visits)(
    'without a connection a page of ours says so, and goes on by itself ($language, $width px)',
    async (visit) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const { title, status } = said[visit.language]
        await openWithWorker(visitor)
        await page.context().setOffline(true)
        await page.goto('/flight-status')
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
        expect(await page.locator('html').getAttribute('lang')).toBe(visit.language)
        await isSound(visitor)
        await page.getByRole('button').click()
        await page.getByRole('status').waitFor()
        await page.context().setOffline(false)
        await page.getByRole('heading', { level: 1, name: status }).waitFor()
        expect(page.url()).toMatch(/\/flight-status$/)
      })
    },
    90_000,
  )

  test.each(visits)(
    'a connection that goes in the middle is said, and the next page comes when it is back ($language)',
    async (visit) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const { title, bar, status } = said[visit.language]
        await openWithWorker(visitor)
        await page.context().setOffline(true)
        await page.getByText(bar).waitFor()
        await isSound(visitor)
        await page.getByRole('link', { name: status }).click()
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
        await page.context().setOffline(false)
        await page.getByRole('heading', { level: 1, name: status }).waitFor()
      })
    },
    90_000,
  )

  test('what is kept for then is the page that says so, and no answer of the API', async () => {
    await visiting({ language: 'es' }, async (visitor) => {
      const { page } = visitor
      await openWithWorker(visitor)
      await search(page, 'es', 5)
      const kept = await page.evaluate(async () => {
        const caches = await Promise.all(
          (await window.caches.keys()).map((name) => window.caches.open(name)),
        )
        const requests = (await Promise.all(caches.map((cache) => cache.keys()))).flat()
        return requests.map(({ url }) => new URL(url).pathname).toSorted()
      })
      expect(kept).toEqual(['/icon.svg', '/offline.css', '/offline.html', '/offline.js'])
    })
  }, 90_000)

  test.each([
    { language: 'es', width: 360, away: /No hay conexión/, again: 'Volver a intentar' },
    { language: 'en', width: 1280, away: /no connection/i, again: 'Try again' },
  ] as const)(
    'a search that fails can be tried again where it stands ($language)',
    async ({ away, again, ...visit }) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const isSearch = /\/api\/flights\?/
        await page.route(isSearch, (route) => route.abort())
        await page.goto(`/results?origin=BOG&destination=ADZ&departure_date=${dayIn(6)}`)
        await page.getByText(away).waitFor()
        await isSound(visitor)
        await page.unroute(isSearch)
        await page.getByRole('button', { name: again }).click()
        await page.getByRole('radio').first().waitFor()
      })
    },
    90_000,
  )

  test('a page whose script never comes says so, and can be tried again', async () => {
    await visiting({ language: 'es' }, async (visitor) => {
      const { page } = visitor
      await openHome(page)
      const isScript = /\/assets\/flight-status-.*\.js$/
      await page.route(isScript, (route) => route.abort())
      await page.getByRole('link', { name: 'Estado de vuelos' }).click()
      await page.getByRole('heading', { level: 1, name: 'No pudimos abrir esta página' }).waitFor()
      await isSound(visitor)
      await page.unroute(isScript)
      await page.getByRole('button', { name: 'Volver a intentar' }).click()
      await page.getByRole('heading', { level: 1, name: 'Estado de vuelos' }).waitFor()
    })
  }, 90_000)

  test('a page that takes its time shows that it comes, with the one before still there', async () => {
    await visiting({ language: 'es' }, async ({ page }) => {
      await openHome(page)
      const held = Promise.withResolvers<void>()
      await page.route(/\/assets\/flight-status-.*\.js$/, async (route) => {
        await held.promise
        await route.continue()
      })
      await page.getByRole('link', { name: 'Estado de vuelos' }).click()
      await page.getByRole('progressbar').waitFor()
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('¿A dónde volamos?')
      held.resolve()
      await page.getByRole('heading', { level: 1, name: 'Estado de vuelos' }).waitFor()
      await page.getByRole('progressbar').waitFor({ state: 'detached' })
    })
  }, 90_000)

  test('another language in the middle of a form loses nothing that was typed', async () => {
    await visiting({ language: 'es', width: 360 }, async ({ page }) => {
      await page.goto('/register')
      await page.getByLabel('Nombre').fill('Ana Díaz')
      await page.getByLabel('Correo electrónico').fill('ana@')
      await page.locator('form button.go').click()
      await page.getByText('Escribe un correo como').waitFor()
      await page.getByRole('button', { name: 'English' }).click()
      await page.getByRole('heading', { name: 'Create your account' }).waitFor()
      await page.getByText('Write an e-mail such as').waitFor()
      expect(await page.getByLabel('Name').inputValue()).toBe('Ana Díaz')
      expect(await page.getByLabel('E-mail').inputValue()).toBe('ana@')

      await page.goto('/')
      await page.getByLabel('Departure').fill(dayIn(7))
      await page.getByRole('button', { name: 'Add: Pets' }).click()
      await page.getByRole('button', { name: 'Español' }).click()
      await page.getByRole('heading', { name: '¿A dónde volamos?' }).waitFor()
      expect(await page.getByLabel('Salida').inputValue()).toBe(dayIn(7))
      expect(await page.getByRole('group', { name: 'Mascotas' }).innerText()).toContain('1')
    })
  }, 90_000)
})
