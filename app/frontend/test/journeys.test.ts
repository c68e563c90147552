import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dayIn, passengerOf } from '../../backend/test/passenger.ts'
import { startSite } from './browser.ts'
import type { Site, Visit, Visitor } from './browser.ts'
import { requireTool, titled } from './debian-package.ts'
import {
  bookPaid,
  chooseFlight,
  fillPassengers,
  isConfirmed,
  payWith,
  search,
  skipSeats,
  toPayment,
} from './walk.ts'
import type { Language } from './walk.ts'

const [nginx, chromium] = [await requireTool('nginx'), await requireTool('chromium')]
const tools = nginx && chromium ? { nginx, chromium } : undefined
const missing = nginx ? 'chromium' : 'nginx'

let site: Site
const visiting = async (visit: Visit, walk: (visitor: Visitor) => Promise<void>) => {
  const visitor = await site.visit(visit)
  try {
    await walk(visitor)
    expect(visitor.complaints).toEqual([])
  } finally {
    await visitor.close()
  }
}

/** axe finds nothing, and nothing is wider than the window. */
const isSound = async ({ page }: Visitor) => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  const overflow = await page.evaluate(() => document.body.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
}

const visits: (Visit & { language: Language })[] = [
  { language: 'es', width: 360 },
  { language: 'en', width: 1280 },
]

describe.skipIf(!tools)(titled('a passenger in a browser', missing, tools && 'here'), () => {
  beforeAll(async () => {
    site = await startSite(tools!)
  }, 120_000)
  afterAll(() => site.close())

  test.each(visits)(
    'books seats for a family with infant and pet, pays after a decline ($language, $width px)',
    async (visit) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const { language } = visit
        await page.goto('/')
        await isSound(visitor)
        await search(page, language, 10, { children: 1, infants: 1, pets: 1 })
        await isSound(visitor)
        await chooseFlight(page, language)
        const row = visit.width === 360 ? '21' : '22'
        for (const letter of ['A', 'B'])
          await page
            .getByRole('button', { name: new RegExp(`^\\S+ ${row}${letter},`) })
            .or(page.getByRole('gridcell', { name: new RegExp(`^\\S+ ${row}${letter},`) }))
            .first()
            .click()
        await page
          .getByText(language === 'es' ? 'Apartadas para ti' : /Held for you/)
          .first()
          .waitFor()
        await isSound(visitor)
        await page
          .getByRole('button', { name: language === 'es' ? 'Continuar' : 'Continue' })
          .click()
        await page.waitForURL(/\/passengers/)
        await fillPassengers(page, language, ['1990-05-17', dayIn(-8 * 366), dayIn(-300)])
        await isSound(visitor)
        await toPayment(page, language)
        await isSound(visitor)
        await payWith(page, language, 'declined')
        await page.getByRole('alert').waitFor()
        await payWith(page, language, 'approved')
        await isConfirmed(page, language)
        expect(await page.locator('body').innerText()).toContain(`${row}A`)
        await isSound(visitor)
      })
    },
    120_000,
  )

  test('a slow payment settles by itself, through a reload in the middle', async () => {
    await visiting({ language: 'es', width: 360 }, async ({ page }) => {
      await search(page, 'es', 9)
      await chooseFlight(page, 'es')
      await skipSeats(page, 'es')
      await fillPassengers(page, 'es', ['1990-05-17'])
      await toPayment(page, 'es')
      await payWith(page, 'es', 'processing')
      await page.reload()
      await isConfirmed(page, 'es')
    })
  }, 90_000)

  test('a double click on pay takes the money once', async () => {
    await visiting({ language: 'en' }, async ({ page }) => {
      await search(page, 'en', 9)
      await chooseFlight(page, 'en')
      await skipSeats(page, 'en')
      await fillPassengers(page, 'en', ['1990-05-17'])
      await toPayment(page, 'en')
      const before = site.api.gateway.charges().length
      await page.getByRole('button', { name: /^Pay / }).dblclick()
      await isConfirmed(page, 'en')
      expect(site.api.gateway.charges()).toHaveLength(before + 1)
    })
  }, 90_000)

  test('who loses a seat to another is told, and the seat greys out', async () => {
    await visiting({ language: 'es' }, async ({ page }) => {
      await search(page, 'es', 8)
      const flight_id = await page.getByRole('radio').first().getAttribute('value')
      await chooseFlight(page, 'es')
      const seat = page.locator('[aria-label^="Silla 14C,"]').first()
      await seat.waitFor()
      const rival = passengerOf(site.api)
      await rival.post('/api/seat-holds', { flight_id, seats: ['14C'] }).expect(201)
      await page
        .locator('[aria-label^="Silla 14C,"][aria-label*="ocupada"]')
        .waitFor({ timeout: 5_000 })
    })
  }, 90_000)

  test('back and forward lose nothing of what was chosen and typed', async () => {
    await visiting({ language: 'es' }, async ({ page }) => {
      await search(page, 'es', 7)
      await chooseFlight(page, 'es')
      await skipSeats(page, 'es')
      await fillPassengers(page, 'es', ['1990-05-17'])
      await page.goBack()
      await page.goBack()
      await page.waitForURL(/\/results/)
      await page.getByRole('radio', { checked: true }).waitFor()
      await page.goForward()
      await page.goForward()
      await page.waitForURL(/\/passengers/)
      expect(await page.getByLabel('Apellidos', { exact: true }).inputValue()).toBe('Peñaloza')
    })
  }, 90_000)

  test('a booking is cancelled with every rule shown, and the refund explained', async () => {
    await visiting({ language: 'es', width: 360 }, async (visitor) => {
      const { page } = visitor
      const id = await bookPaid(page, 'es', 10)
      await page.goto(`/booking/${id}`)
      await page.getByRole('button', { name: 'Cancelar la reserva' }).click()
      await page
        .getByText(/retracto/i)
        .first()
        .waitFor()
      await isSound(visitor)
      await page.getByRole('button', { name: 'Continuar con la cancelación' }).click()
      await page.getByRole('button', { name: 'Sí, cancelar la reserva' }).click()
      await page
        .getByText(/Cancelada/)
        .first()
        .waitFor()
      await isSound(visitor)
    })
  }, 90_000)

  test('somebody signs up, books, and finds the trip', async () => {
    await visiting({ language: 'es' }, async (visitor) => {
      const { page } = visitor
      await page.goto('/register')
      await isSound(visitor)
      await page.getByLabel(/^Nombre/).fill('Ana Díaz')
      await page.getByLabel(/^Correo/).fill(`ana-${Date.now()}@aeroflash.example`)
      await page
        .getByLabel(/^Contraseña/)
        .first()
        .fill('una frase bastante larga')
      await page.locator('form button.go').click()
      await page.getByRole('link', { name: 'Mis viajes' }).waitFor()
      await bookPaid(page, 'es', 6)
      await page.getByRole('link', { name: 'Mis viajes' }).click()
      await page.getByText('BOG').first().waitFor()
      await isSound(visitor)
    })
  }, 90_000)

  test.each(['/flight-status', '/sign-in', '/reset-password', '/booking', '/nowhere-at-all'])(
    '%s is sound at both widths and in both languages',
    async (path) => {
      for (const visit of visits)
        await visiting(visit, async (visitor) => {
          await visitor.page.goto(path)
          await visitor.page.getByRole('heading', { level: 1 }).waitFor()
          await isSound(visitor)
        })
    },
    60_000,
  )
})
