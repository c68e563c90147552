import { language } from './language.ts'

export type Money = { amount: number; currency: string }

// By ISO 4217, as the backend reckons; Intl believes that the peso has no cents.
const exponents: Record<string, number> = { COP: 2 }

const locale = () => (language.value === 'es' ? 'es-CO' : 'en-US')

/** Whole pesos: there is no smaller coin in our prices. In English "$" would be taken for dollars. */
export const money = ({ amount, currency }: Money) =>
  new Intl.NumberFormat(locale(), {
    style: 'currency',
    currency,
    currencyDisplay: language.value === 'es' ? 'narrowSymbol' : 'code',
    maximumFractionDigits: 0,
  }).format(amount / 10 ** (exponents[currency] ?? 2))

/** A calendar day, which has no time zone: '2026-12-05' as people write it. */
export const day = (
  date: string,
  style: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short' },
) =>
  new Intl.DateTimeFormat(locale(), { ...style, timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  )

export const longDay = (date: string) =>
  day(date, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

/** The time of an instant on the clock of a place, as '06:15'. */
export const timeAt = (instant: string, time_zone: string) =>
  new Intl.DateTimeFormat(locale(), {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: time_zone,
  }).format(new Date(instant))

/** The day of an instant in a place, as YYYY-MM-DD. */
export const dateAt = (instant: string | Date, time_zone: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: time_zone }).format(new Date(instant))

export const duration = (from: string, to: string) => {
  const minutes = Math.round((Date.parse(to) - Date.parse(from)) / 60_000)
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

export const plusDays = (date: string, days: number) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
