/** An amount in minor units of its currency (centavos, cents): always a whole number. */
export type Money = { amount: number; currency: Currency }

/**
 * Decimals by ISO 4217, never from Intl (which says COP has none), and the smallest step in which we
 * charge, in minor units: a whole peso.
 */
export const currencies = {
  COP: { exponent: 2, roundingUnit: 100 },
} as const

export type Currency = keyof typeof currencies

export const BASIS_POINTS = 10_000

/** `basisPoints` of an amount, rounded half away from zero to the currency's rounding unit. */
export const share = (amount: number, basisPoints: number, currency: Currency): number => {
  const { roundingUnit } = currencies[currency]
  const units = Math.floor((2 * Math.abs(amount) * basisPoints) / (BASIS_POINTS * roundingUnit))
  return Math.sign(amount) * Math.floor((units + 1) / 2) * roundingUnit
}

export const sumOf = (amounts: readonly number[]): number =>
  amounts.reduce((sum, amount) => sum + amount, 0)
