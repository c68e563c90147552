import { tally } from '../../kernel/metrics.ts'
import { Problem } from '../../kernel/problems.ts'

const holds = tally(
  'aeroflash_seats_holds_total',
  'Named seats asked for, by what came of it.',
  'outcome',
)
const held = holds.of('held')
const unavailable = holds.of('unavailable')

const expiries = tally(
  'aeroflash_seats_hold_expiries_total',
  'Holds, of seats chosen or of bookings, whose time ran out.',
).of()

export const countHeld = () => held.add(1)

/** Counts seats that were gone, and passes on whatever was thrown. */
export const countRefused = (error: unknown): never => {
  if (error instanceof Problem && error.slug === 'seat-unavailable') unavailable.add(1)
  throw error
}

export const countExpired = (holds: number) => expiries.add(holds)
