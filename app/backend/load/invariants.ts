import type { Statement } from '../kernel/sql.ts'
import { bookings } from './audit/bookings.ts'
import { effects } from './audit/effects.ts'
import { inventory } from './audit/inventory.ts'
import { money } from './audit/money.ts'
import { progress } from './audit/progress.ts'

/** How long a thing may stay unfinished before it counts as stuck, in minutes. */
export type Bounds = {
  payment: number
  refund: number
  idempotencyKey: number
  /** Past its time to pay, or past the end of the payment lock if that is later. */
  unpaidBooking: number
  /** Past its expiry. */
  hold: number
}

export const defaultBounds: Bounds = {
  payment: 10,
  refund: 10,
  idempotencyKey: 10,
  unpaidBooking: 2,
  hold: 2,
}

/** What must hold at every moment, and the query that finds whatever breaks it. */
export type Invariant = { name: string; offenders: (bounds: Bounds) => Statement }

// None relies on a constraint or an index that says the same: an audit must see what they let through.
export const invariants: Invariant[] = [
  ...inventory,
  ...bookings,
  ...money,
  ...effects,
  ...progress,
]
