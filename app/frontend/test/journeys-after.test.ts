import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dayIn } from '../../backend/test/passenger.ts'
import { startSite } from './browser.ts'
import type { Site, Visit } from './browser.ts'
import { requireTool, titled } from '../../backend/test/debian-package.ts'
import { isSound, visitedBy, visits } from './visits.ts'
import type { Walk } from './visits.ts'
import { bookPaid, isConfirmed, labels, payWith, toPayOf } from './walk.ts'
import type { Language } from './walk.ts'

const [nginx, chromium] = [await requireTool('nginx'), await requireTool('chromium')]
const tools = nginx && chromium ? { nginx, chromium } : undefined
const missing = nginx ? 'chromium' : 'nginx'

const said = {
  es: {
    change: 'Cambiar un vuelo',
    day: 'Nuevo día de salida',
    quote: 'Ver cuánto cuesta el cambio',
    pay: /^Pagar .* y cambiar$/,
    declined: /no se cobró nada y tu vuelo sigue igual/,
    confirm: 'Confirmar el cambio',
    done: 'Tu vuelo cambió.',
    paid: /Cobramos/,
    back: /Te devolvemos .* a la tarjeta/,
    number: 'Número de vuelo',
    see: 'Ver vuelos',
    live: 'En vivo',
    range: /Vendemos vuelos del/,
    find: {
      reference: 'Código de reserva',
      family: 'Apellido',
      found: 'Encontramos tu reserva',
      send: 'Enviarme el código',
      code: 'Código de seis números',
      enter: 'Abrir la reserva',
    },
    account: { email: 'Correo electrónico', password: 'Contraseña', trips: 'Mis viajes' },
    reset: {
      choose: 'Elige una contraseña nueva',
      password: 'Contraseña nueva',
      done: 'Tu contraseña cambió.',
    },
  },
  en: {
    change: 'Change a flight',
    day: 'New day of departure',
    quote: 'See what the change costs',
    pay: /^Pay .* and change$/,
    declined: /nothing was charged and your flight is as it was/,
    confirm: 'Confirm the change',
    done: 'Your flight has changed.',
    paid: /We charged/,
    back: /We give .* back to the card/,
    number: 'Flight number',
    see: 'See flights',
    live: 'Live',
    range: /We sell flights from/,
    find: {
      reference: 'Booking reference',
      family: 'Family name',
      found: 'We found your booking',
      send: 'Send me the code',
      code: 'Code of six digits',
      enter: 'Open the booking',
    },
    account: { email: 'E-mail', password: 'Password', trips: 'My trips' },
    reset: {
      choose: 'Choose a new password',
      password: 'New password',
      done: 'Your password has changed.',
    },
  },
}

let site: Site
const visiting = (visit: Visit, walk: Walk) => visitedBy(site, visit, walk)

/** Opens a booking and asks what another flight, on another day, would cost. */
const quoteChange = async (page: Page, language: Language, id: string, days: number) => {
  const { change, day, quote } = said[language]
  await page.goto(`/booking/${id}`)
  await page.getByRole('button', { name: change }).click()
  await page.getByLabel(day).fill(dayIn(days))
  await page.getByRole('radio').first().check({ force: true })
  await page.getByRole('button', { name: quote }).click()
  await page.locator('.sums').first().waitFor()
}

/** A paid booking, made in a browser that is closed since. */
const bookedReference = async (language: Language) => {
  let reference = ''
  await visiting({ language }, async ({ page }) => {
    await bookPaid(page, language, 7)
    reference = (await page.locator('.reference').innerText()).trim()
  })
  return reference
}

describe.skipIf(!tools)(titled('after the booking, in a browser', missing, tools && 'here'), () => {
  beforeAll(async () => {
    site = await startSite(tools!)
  }, 120_000)
  afterAll(() => site.close())

  test.each(visits)(
    'changes to a dearer flight: a declined card leaves all as it was, another pays ($language)',
    async (visit) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const { pay, declined, done, paid } = said[visit.language]
        const { cards } = labels[visit.language]
        const id = await bookPaid(page, visit.language, 10)
        const charges = site.api.gateway.charges().length
        await quoteChange(page, visit.language, id, 5)
        await isSound(visitor)
        await page.getByRole('radio', { name: cards.declined }).check({ force: true })
        await page.getByRole('button', { name: pay }).click()
        await page.getByRole('alert').filter({ hasText: declined }).waitFor()
        await isSound(visitor)
        await page.getByRole('radio', { name: cards.approved }).check({ force: true })
        await page.getByRole('button', { name: pay }).dblclick()
        await page.getByText(done).waitFor()
        await page.getByText(paid).waitFor()
        expect(site.api.gateway.charges()).toHaveLength(charges + 2)
        await isSound(visitor)
      })
    },
    120_000,
  )

  test.each(visits)(
    'changes to a cheaper flight: the difference goes back to the card ($language)',
    async (visit) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const { confirm, done, back } = said[visit.language]
        const id = await bookPaid(page, visit.language, 3)
        await quoteChange(page, visit.language, id, 9)
        await isSound(visitor)
        await page.getByRole('button', { name: confirm }).click()
        await page.getByText(done).waitFor()
        await page.getByText(back).waitFor()
      })
    },
    120_000,
  )

  test.each(visits)(
    'a bank that does not answer charges once, through a reload in the middle ($language)',
    async (visit) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const { language } = visit
        await toPayOf(page, language)
        const before = site.api.gateway.charges().length
        await payWith(page, language, 'timeout')
        // The bank has heard, and its answer is lost: now somebody loses patience.
        await expect.poll(() => site.api.gateway.charges().length).toBe(before + 1)
        await page.reload()
        await isConfirmed(page, language)
        expect(site.api.gateway.charges()).toHaveLength(before + 1)
      })
    },
    120_000,
  )

  test.each(visits)(
    'follows a flight by its number, though it can no longer be booked ($language)',
    async (visit) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const { number, see, live } = said[visit.language]
        await page.goto('/flight-status')
        await page.getByLabel(number).fill('af-1001')
        await page.getByRole('button', { name: see }).click()
        await page.getByRole('heading', { name: /AF1001 · Bogotá/ }).waitFor()
        await page.getByText(live, { exact: true }).waitFor()
        await isSound(visitor)
        await page.goto(`/flight-status?origin=BOG&destination=ADZ&date=${dayIn(0)}`)
        await page.getByRole('link', { name: /^AF1001/ }).waitFor()
        await page.goto(`/flight-status?number=ZZ9&date=${dayIn(0)}`)
        await page.locator('.alert').waitFor()
        await isSound(visitor)
      })
    },
    90_000,
  )

  test.each(visits)(
    'a day that is not on sale: the first and the last are said, and the nearest is a click away ($language)',
    async (visit) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const { range } = said[visit.language]
        await page.goto(`/results?origin=BOG&destination=ADZ&departure_date=${dayIn(200)}`)
        await page.getByText(range).waitFor()
        await isSound(visitor)
        await page.locator('.alert a.button').first().click()
        await page.getByRole('radio').first().waitFor()
      })
    },
    90_000,
  )

  test.each(visits)(
    'opens the booking elsewhere with its reference, a family name and a mailed code ($language)',
    async (visit) => {
      const reference = await bookedReference(visit.language)
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const { find } = said[visit.language]
        await page.goto('/booking')
        await page.getByLabel(find.reference).fill(reference.toLowerCase())
        await page.getByLabel(find.family).fill('penaloza')
        await page.locator('form button.go').click()
        await page.getByRole('heading', { level: 1, name: find.found }).waitFor()
        await isSound(visitor)
        const mails = site.api.mails.length
        await page.getByRole('button', { name: find.send }).click()
        await expect.poll(() => site.api.mails.length).toBe(mails + 1)
        const code = /\d{6}/.exec(site.api.mails.at(-1)!.text)![0]
        await page.getByLabel(find.code).fill(code)
        await page.getByRole('button', { name: find.enter }).click()
        await page.waitForURL(/\/booking\/[0-9a-f-]{36}$/)
        await page.getByText('Peñaloza').first().waitFor()
      })
    },
    120_000,
  )

  test.each(visits)(
    'somebody who forgot the password chooses another by the mailed link ($language)',
    async (visit) => {
      await visiting(visit, async (visitor) => {
        const { page } = visitor
        const { account, reset } = said[visit.language]
        const email = `luz-${visit.language}-${Date.now()}@aeroflash.example`
        const json = { email, name: 'Luz', password: 'the first of two phrases' }
        await site.api.request.post('/api/auth/sign-up/email').send(json)
        await page.goto('/reset-password')
        await page.getByLabel(account.email).fill(email)
        await page.locator('form button.go').click()
        await expect.poll(() => site.api.mails.at(-1)?.to).toBe(email)
        const link = /https?:\S+/.exec(site.api.mails.at(-1)!.text)![0]
        await page.goto(link)
        await page.getByRole('heading', { level: 1, name: reset.choose }).waitFor()
        await isSound(visitor)
        await page.getByLabel(reset.password, { exact: true }).fill('the second of two phrases')
        await page.locator('form button.go').click()
        await page.getByText(reset.done).waitFor()
        await page.goto('/sign-in')
        await page.getByLabel(account.email).fill(email)
        await page.getByLabel(account.password, { exact: true }).fill('the second of two phrases')
        await page.locator('form button.go').click()
        await page.getByRole('link', { name: account.trips }).waitFor()
      })
    },
    90_000,
  )
})
