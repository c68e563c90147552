import type { Database } from '../../kernel/database.ts'
import { Problem } from '../../kernel/problems.ts'
import type { Flight } from '../flights/events.ts'
import { standingLines } from './lines.ts'
import type { LockedBooking } from './lock-booking.ts'
import { findRefundRules } from './queries/find-refund-rules.ts'
import { settleLeaving } from './retention.ts'
import type { Leaving } from './retention.ts'

export type Needs = {
  db: Database
  clock: () => Date
  findFlights: (within: { db: Database }, ids: string[]) => Promise<Flight[]>
}

type Leave = { booking: LockedBooking; flight_ids: string[]; applies_to: 'cancellation' | 'change' }

/** Works out what leaving these flights of a booking gives back and keeps, as of now. */
export const leaveFlights = async (
  { db, clock, findFlights }: Needs,
  { booking, flight_ids, applies_to }: Leave,
) => {
  const now = clock()
  const flights = await findFlights({ db }, flight_ids)
  const departed = flights.find((f) => f.departs_at <= now && f.status !== 'cancelled')
  if (departed)
    throw new Problem('not-refundable', `Flight ${departed.flight_number} has departed.`, {
      members: { flight_id: departed.id },
    })
  const standing = await standingLines({ db }, booking.id)
  return settleLeaving({
    lines: standing.filter((line) => flight_ids.includes(line.flight_id ?? '')),
    flights: flights.map(leavingOf),
    // What is not paid yet can be left for nothing.
    rules: booking.confirmed_at ? await findRefundRules({ db }, { applies_to, now }) : [],
    purchased_at: booking.confirmed_at ?? now,
    now,
  })
}

const leavingOf = (flight: Flight): Leaving => ({
  flight_id: flight.id,
  departs_at: flight.departs_at,
  market:
    flight.origin_region.slice(0, 2) === flight.destination_region.slice(0, 2)
      ? 'domestic'
      : 'international',
  is_cancelled: flight.status === 'cancelled',
})
