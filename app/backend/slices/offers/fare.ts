import type { Money } from '../../kernel/money.ts'
import { BASIS_POINTS } from '../../kernel/money.ts'

export type CabinName = 'economy' | 'premium_economy' | 'business' | 'first'

export type Demand = {
  distance_km: number
  cabin: CabinName
  seats_left: number
  capacity: number
  /** Whole days from now to departure. */
  days_left: number
}

/** Counts up when a number below changes, so that an old offer can be explained. */
export const FARE_VERSION = 1

const PESO = 100
const FIXED_PESOS = 70_000
const PESOS_PER_KM = 130
const STEP_PESOS = 1_000

const cabinFactor: Record<CabinName, number> = {
  economy: 10_000,
  premium_economy: 15_000,
  business: 28_000,
  first: 45_000,
}

// Price buckets, as [up to, basis points]: what is scarce costs more, what is sold early costs less.
const loadBuckets = [
  [0.3, 8_500],
  [0.6, 10_000],
  [0.8, 12_500],
  [0.92, 15_000],
  [1, 18_000],
] as const
const dayBuckets = [
  [2, 14_500],
  [6, 13_000],
  [20, 11_500],
  [44, 10_000],
  [Infinity, 9_000],
] as const

// Never below, never above these shares of the base, whatever the buckets multiply to.
const FLOOR = 7_500
const CEILING = 25_000

/** The fare of one adult on one flight. Distance and cabin make the base; load and time the bucket. */
export const fareFor = ({ distance_km, cabin, seats_left, capacity, days_left }: Demand): Money => {
  const base = ((FIXED_PESOS + PESOS_PER_KM * distance_km) * cabinFactor[cabin]) / BASIS_POINTS
  const load = capacity === 0 ? 1 : 1 - seats_left / capacity
  const wished = (bucketOf(loadBuckets, load) * bucketOf(dayBuckets, days_left)) / BASIS_POINTS
  const factor = Math.min(CEILING, Math.max(FLOOR, wished))
  const pesos = Math.round((base * factor) / BASIS_POINTS / STEP_PESOS) * STEP_PESOS
  return { amount: pesos * PESO, currency: 'COP' }
}

const bucketOf = (buckets: readonly (readonly [number, number])[], value: number) =>
  (buckets.find(([upTo]) => value <= upTo) ?? buckets.at(-1))![1]

export const daysBetween = (from: Date, to: Date) =>
  Math.max(0, Math.floor((to.getTime() - from.getTime()) / 86_400_000))
