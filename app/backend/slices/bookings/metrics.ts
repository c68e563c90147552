import { tally } from '../../kernel/metrics.ts'
import { Problem } from '../../kernel/problems.ts'
import type { BookingEvent } from './events.ts'

const bookings = tally(
  'aeroflash_bookings_bookings_total',
  'Bookings asked for, by what came of it.',
  'outcome',
)

const outcomes = {
  placed: bookings.of('placed'),
  sold_out: bookings.of('sold_out'),
  refused: bookings.of('refused'),
}

const changed: { [Type in BookingEvent['type']]?: ReturnType<typeof bookings.of> } = {
  'booking.confirmed': tally('aeroflash_bookings_confirmations_total', 'Bookings paid.').of(),
  'booking.cancelled': tally('aeroflash_bookings_cancellations_total', 'Bookings cancelled.').of(),
  'booking.expired': tally(
    'aeroflash_bookings_expiries_total',
    'Bookings that nobody paid in time.',
  ).of(),
  'booking.changed': tally(
    'aeroflash_bookings_changes_total',
    'Bookings that went to other flights.',
  ).of(),
}

export const countPlaced = () => outcomes.placed.add(1)

/** Counts what has become of a booking; after the commit. */
export const countEvent = (type: BookingEvent['type']) => changed[type]?.add(1)

const soldOut = new Set(['sold-out', 'seat-unavailable', 'capacity-pets', 'capacity-infants'])

/** Counts a refusal and passes it on, as it does with what is none. */
export const countRefused = (error: unknown): never => {
  if (error instanceof Problem && error.status < 500)
    outcomes[soldOut.has(error.slug) ? 'sold_out' : 'refused'].add(1)
  throw error
}
