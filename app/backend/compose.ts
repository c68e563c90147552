import type { Database } from './kernel/database.ts'
import {
  abandonChange,
  applyChange,
  beginChange,
  keepChangeForPayment,
} from './slices/bookings/commands/confirm-change.ts'
import {
  beginBookingPayment,
  confirmBooking,
  keepBookingForPayment,
  reopenBooking,
} from './slices/bookings/commands/settle-booking.ts'
import { findFlights } from './slices/flights/queries/find-flights.ts'
import type { Sale } from './slices/flights/queries/search-flights.ts'
import { daysBetween, fareFor } from './slices/offers/fare.ts'
import { findOffer } from './slices/offers/queries/find-offer.ts'
import { requestRefund } from './slices/payments/commands/refund.ts'
import type { Payables } from './slices/payments/commands/start-payment.ts'
import { claimUnits } from './slices/seats/commands/claim-units.ts'
import { releaseHold } from './slices/seats/commands/release-hold.ts'
import { keepHeld, releaseSales, sellUnits } from './slices/seats/commands/sell-units.ts'
import { countSeats } from './slices/seats/queries/count-seats.ts'
import { findHeldUnits } from './slices/seats/queries/find-held-units.ts'
import type { World } from './world.ts'

/**
 * Where one slice's function becomes another slice's need. Slices do not import each other; the API
 * (app.ts) and the worker (subscriptions.ts) hand them these.
 */
export const compose = (world: World) => {
  const needs = shared(world)
  return { ...needs, payables: payablesOf(needs) }
}

const shared = (world: World) => ({
  ...world,
  findFlights,
  findOffer,
  claimUnits,
  keepHeld,
  sellUnits,
  releaseHold,
  releaseSales,
  findHeldUnits,
  requestRefund,
})

type Needs = ReturnType<typeof shared>

/** What money can be for: a booking, or a change of one that costs more. */
const payablesOf = (needs: Needs): Payables => ({
  booking: {
    begin: ({ db }, { subject_id, ...ask }) =>
      beginBookingPayment({ ...needs, db }, { booking_id: subject_id, ...ask }),
    keep: ({ db }, { subject_id, until }) =>
      keepBookingForPayment({ ...needs, db }, { booking_id: subject_id, until }),
    captured: ({ db }, { subject_id }) =>
      confirmBooking({ ...needs, db }, { booking_id: subject_id }),
    failed: ({ db }, { subject_id }) => reopenBooking({ ...needs, db }, { booking_id: subject_id }),
  },
  change: {
    begin: async ({ db }, { subject_id, ...ask }) => {
      const quote = await beginChange({ ...needs, db }, { quote_id: subject_id, ...ask })
      const { booking_id, change_total: amount, currency } = quote
      return { booking_id, amount, currency }
    },
    keep: ({ db }, { subject_id, until }) =>
      keepChangeForPayment({ ...needs, db }, { quote_id: subject_id, until }),
    captured: ({ db }, { subject_id }) =>
      applyChange({ ...needs, db }, { quote_id: subject_id, actor: 'system' }),
    failed: ({ db }, { subject_id }) =>
      abandonChange({ ...needs, db }, { quote_id: subject_id, status: 'quoted' }),
  },
})

type Flown = { id: string; distance_km: number; departs_at: Date }

/** For the search: seats left and the lowest fare of each flight on which the party finds room. */
export const saleOf =
  ({ db, clock }: { db: Database; clock: () => Date }) =>
  async (flights: Flown[], passengers: number): Promise<Map<string, Sale>> => {
    const loads = await countSeats(
      { db },
      flights.map(({ id }) => id),
    )
    const now = clock()
    const sales = flights.flatMap(({ id, distance_km, departs_at }) => {
      const days_left = daysBetween(now, departs_at)
      const [cheapest] = loads
        .filter((load) => load.flight_id === id && load.seats_left >= passengers)
        .map((load) => ({ ...load, fare: fareFor({ ...load, distance_km, days_left }) }))
        .toSorted((a, b) => a.fare.amount - b.fare.amount)
      if (!cheapest) return []
      const { seats_left, cabin, fare } = cheapest
      return [[id, { seats_left, cabin, lowest_fare: fare }] as const]
    })
    return new Map(sales)
  }
