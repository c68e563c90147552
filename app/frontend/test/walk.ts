import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import { dayIn } from '../../backend/test/passenger.ts'

/** What the pages say where a passenger clicks, in both languages. */
export const labels = {
  es: {
    to: 'Hacia',
    leave: 'Salida',
    more: 'Agregar',
    children: 'Niños',
    infants: 'Infantes',
    pets: 'Mascotas',
    search: 'Buscar vuelos',
    go: 'Continuar',
    skip: /^Omitir/,
    given: 'Nombres',
    family: 'Apellidos',
    born: 'Fecha de nacimiento',
    number: 'Número',
    email: 'Correo',
    toPay: 'Ir a pagar',
    pay: /^Pagar /,
    tooLate: 'Se acabó el tiempo para pagar',
    confirmed: /tu viaje está confirmado/i,
    seat: 'Silla',
    taken: 'ocupada',
    cancel: {
      begin: 'Cancelar la reserva',
      rule: /retracto/i,
      goOn: 'Continuar con la cancelación',
      sure: 'Sí, cancelar la reserva',
      done: /Cancelada/,
    },
    account: { name: /^Nombre/, email: /^Correo/, password: /^Contraseña/, trips: 'Mis viajes' },
    cards: {
      approved: /^Tarjeta aprobada/,
      declined: /^Tarjeta rechazada/,
      processing: /^Pago que tarda/,
      timeout: /^Banco que no contesta/,
    },
  },
  en: {
    to: 'To',
    leave: 'Departure',
    more: 'Add',
    children: 'Children',
    infants: 'Infants',
    pets: 'Pets',
    search: 'Search flights',
    go: 'Continue',
    skip: /^Skip/,
    given: 'Given names',
    family: 'Family names',
    born: 'Date of birth',
    number: 'Number',
    email: 'E-mail',
    toPay: 'Go to payment',
    pay: /^Pay /,
    tooLate: 'The time to pay is over',
    confirmed: /Your journey is confirmed/i,
    seat: 'Seat',
    taken: 'taken',
    cancel: {
      begin: 'Cancel the booking',
      rule: /Right of withdrawal/,
      goOn: 'Go on with the cancellation',
      sure: 'Yes, cancel the booking',
      done: /Cancelled/,
    },
    account: { name: /^Name/, email: /^E-mail/, password: /^Password/, trips: 'My trips' },
    cards: {
      approved: /^Approved card/,
      declined: /^Declined card/,
      processing: /^Slow payment/,
      timeout: /^Bank that does not answer/,
    },
  },
}

export type Language = keyof typeof labels
export type Party = { children?: number; infants?: number; pets?: number }

/** From the search form to the list of flights. */
export const search = async (page: Page, language: Language, days: number, party: Party = {}) => {
  const said = labels[language]
  await page.goto('/')
  await page.getByRole('combobox', { name: said.to }).fill('San And')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('Enter')
  await page.getByLabel(said.leave, { exact: true }).fill(dayIn(days))
  for (const kind of ['children', 'infants', 'pets'] as const)
    for (let n = 0; n < (party[kind] ?? 0); n++)
      await page.getByRole('button', { name: `${said.more}: ${said[kind]}` }).click()
  await page.getByRole('button', { name: said.search }).click()
  await page.waitForURL(/\/results/)
  await page.getByRole('radio').first().waitFor()
}

/** Chooses the first flight and goes on to its seats. */
export const chooseFlight = async (page: Page, language: Language) => {
  await page.getByRole('radio').first().check({ force: true })
  await page.getByRole('button', { name: labels[language].go }).click()
  await page.waitForURL(/\/seats/)
}

export const skipSeats = async (page: Page, language: Language) => {
  await page.getByRole('button', { name: labels[language].skip }).click()
  await page.waitForURL(/\/passengers/)
}

/** Fills in who travels; each born on a day that fits the kind of passenger. */
export const fillPassengers = async (page: Page, language: Language, born: string[]) => {
  const said = labels[language]
  for (const [i, born_on] of born.entries()) {
    await page.getByLabel(said.given, { exact: true }).nth(i).fill(`Ana${'abcdefgh'[i]}`)
    await page.getByLabel(said.family, { exact: true }).nth(i).fill('Peñaloza')
    await page.getByLabel(said.born, { exact: true }).nth(i).fill(born_on)
    await page.getByLabel(said.number, { exact: true }).nth(i).fill(`AB12345${i}`)
  }
  await page.getByLabel(said.email, { exact: true }).fill('ana@aeroflash.example')
}

export const toPayment = async (page: Page, language: Language) => {
  await page.getByRole('button', { name: labels[language].toPay }).click()
  await page.waitForURL(/\/payment/)
  await page.getByRole('button', { name: labels[language].pay }).waitFor()
}

export const payWith = async (
  page: Page,
  language: Language,
  card: keyof (typeof labels)['es']['cards'],
) => {
  const said = labels[language]
  await page.getByRole('radio', { name: said.cards[card] }).check({ force: true })
  await page.getByRole('button', { name: said.pay }).click()
}

export const isConfirmed = async (page: Page, language: Language) => {
  await page.waitForURL(/\/confirmation\//)
  await page.getByRole('heading', { level: 1, name: labels[language].confirmed }).waitFor()
  expect(page.url()).toContain('/confirmation/')
}

/** All the way to the form in which a booking of one is paid, without choosing seats. */
export const toPayOf = async (page: Page, language: Language, days = 9) => {
  await search(page, language, days)
  await chooseFlight(page, language)
  await skipSeats(page, language)
  await fillPassengers(page, language, ['1990-05-17'])
  await toPayment(page, language)
}

/** The same, and paid. Answers the booking's id. */
export const bookPaid = async (page: Page, language: Language, days: number) => {
  await toPayOf(page, language, days)
  await payWith(page, language, 'approved')
  await isConfirmed(page, language)
  return page.url().split('/').at(-1)!
}
