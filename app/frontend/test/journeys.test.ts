import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../backend/kernel/sql.ts'
import { dayIn, passengerOf } from '../../backend/test/passenger.ts'
import { startSite } from './browser.ts'
import type { Site, Visit } from './browser.ts'
import { requireTool, titled } from '../../backend/test/debian-package.ts'
import {
  bookPaid,
  chooseFlight,
  fillPassengers,
  isConfirmed,
  labels,
  payWith,
  search,
  skipSeats,
  toPayOf,
  toPayment,
} from './walk.ts'
import { isSound, visitedBy, visits } from './visits.ts'
import type { Walk } from './visits.ts'

const [nginx, chromium] = [await requireTool('nginx'), await requireTool('chromium')]
const tools = nginx && chromium ? { nginx, chromium } : undefined
const missing = nginx ? 'chromium' : 'nginx'

let site: Site
const visiting = (visit: Visit, walk: Walk) => visitedBy(site, visit, walk)

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
    180_000,
  )

  test.each(visits)(
    'a slow payment settles by itself, through a reload in the middle ($language)',
    async (visit) => {
      await visiting(visit, async ({ page }) => {
        const { language } = visit
        await toPayOf(page, language)
        const before = site.api.gateway.charges().length
        await payWith(page, language, 'processing')
        await expect.poll(() => site.api.gateway.charges().length).toBe(before + 1)
        await page.reload()
        await isConfirmed(page, language)
      })
    },
    120_000,
  )

  test.each(visits)(
    'a double click on pay takes the money once ($language)',
    async (visit) => {
      await visiting(visit, async ({ page }) => {
        await toPayOf(page, visit.language)
        const before = site.api.gateway.charges().length
        await page.getByRole('button', { name: labels[visit.language].pay }).dblclick()
        await isConfirmed(page, visit.language)
        expect(site.api.gateway.charges()).toHaveLength(before + 1)
      })
    },
    120_000,
  )

  test.each(visits)(
    'who comes back too late is told that the seats went, that nothing was charged, and where to begin anew ($language)',
    async (visit) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        await toPayOf(page, visit.language)
        await site.api.world.db.rows(sql('test.time_is_over')`
          update bookings.bookings set payment_required_by = now() - interval '1 second'
           where status = 'pending_payment'`)
        await site.api.runJob('bookings.expire')
        await page.reload()
        await page
          .getByRole('heading', { level: 1, name: labels[visit.language].tooLate })
          .waitFor()
        await isSound(visitor)
        await page.locator('a.button').first().click()
        await page.getByRole('radio').first().waitFor()
      })
    },
    120_000,
  )

  test.each(visits)(
    'who loses a seat to another is told, and the seat greys out ($language)',
    async (visit) => {
      await visiting(visit, async ({ page }) => {
        const { seat, taken } = labels[visit.language]
        const code = visit.language === 'es' ? '14C' : '15C'
        await search(page, visit.language, 8)
        const flight_id = await page.getByRole('radio').first().getAttribute('value')
        await chooseFlight(page, visit.language)
        await page.locator(`[aria-label^="${seat} ${code},"]`).first().waitFor()
        const rival = passengerOf(site.api)
        await rival.post('/api/seat-holds', { flight_id, seats: [code] }).expect(201)
        await page
          .locator(`[aria-label^="${seat} ${code},"][aria-label*="${taken}"]`)
          .waitFor({ timeout: 5_000 })
      })
    },
    120_000,
  )

  test.each(visits)(
    'back and forward lose nothing of what was chosen and typed ($language)',
    async (visit) => {
      await visiting(visit, async ({ page }) => {
        const { language } = visit
        await search(page, language, 7)
        await chooseFlight(page, language)
        await skipSeats(page, language)
        await fillPassengers(page, language, ['1990-05-17'])
        await page.goBack()
        await page.goBack()
        await page.waitForURL(/\/results/)
        await page.getByRole('radio', { checked: true }).waitFor()
        await page.goForward()
        await page.goForward()
        await page.waitForURL(/\/passengers/)
        const family = page.getByLabel(labels[language].family, { exact: true })
        expect(await family.inputValue()).toBe('Peñaloza')
      })
    },
    120_000,
  )

  test.each(visits)(
    'a booking is cancelled with every rule shown, and the refund explained ($language)',
    async (visit) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const { cancel } = labels[visit.language]
        const id = await bookPaid(page, visit.language, 10)
        await page.goto(`/booking/${id}`)
        await page.getByRole('button', { name: cancel.begin }).click()
        await page.getByText(cancel.rule).first().waitFor()
        await isSound(visitor)
        await page.getByRole('button', { name: cancel.goOn }).click()
        await page.getByRole('button', { name: cancel.sure }).click()
        await page.getByText(cancel.done).first().waitFor()
        await isSound(visitor)
      })
    },
    120_000,
  )

  test.each(visits)(
    'somebody signs up, books, and finds the trip ($language)',
    async (visit) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const { account } = labels[visit.language]
        await page.goto('/register')
        await isSound(visitor)
        await page.getByLabel(account.name).fill('Ana Díaz')
        await page.getByLabel(account.email).fill(`ana-${Date.now()}@aeroflash.example`)
        await page.getByLabel(account.password).first().fill('una frase bastante larga')
        await page.locator('form button.go').click()
        await page.getByRole('link', { name: account.trips }).waitFor()
        await bookPaid(page, visit.language, 6)
        await page.getByRole('link', { name: account.trips }).click()
        await page.getByText('BOG').first().waitFor()
        await isSound(visitor)
      })
    },
    120_000,
  )

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
    90_000,
  )
})
