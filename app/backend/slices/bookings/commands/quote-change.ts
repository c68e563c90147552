import { sumOf } from '../../../kernel/money.ts'
import type { Database } from '../../../kernel/database.ts'
import type { Principal } from '../../../kernel/principal.ts'
import { Problem, invalid } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Offer, OfferedPassenger } from '../../offers/events.ts'
import { flightIdsOf } from '../items.ts'
import { leaveFlights } from '../leaving.ts'
import type { Needs as LeavingNeeds } from '../leaving.ts'
import { offered } from '../lines.ts'
import type { NewLine } from '../lines.ts'
import { lockOwnBooking } from '../lock-booking.ts'
import type { LockedBooking } from '../lock-booking.ts'
import type { Considered } from '../retention.ts'
import { stateConflict } from '../transition.ts'

export type QuoteChange = { booking_id: string; offer_id: string; remove_flight_ids: string[] }

export type ChangeQuote = {
  id: string
  booking_id: string
  booking_version: number
  status: 'quoted' | 'paying' | 'confirmed' | 'superseded' | 'failed'
  offer_id: string
  removed_flight_ids: string[]
  lines: NewLine[]
  rules: Considered[]
  /** To pay when positive, to get back when negative. */
  change_total: number
  currency: string
  hold_id: string | null
  expires_at: Date
}

export type Needs = LeavingNeeds & {
  findOffer: (within: { db: Database }, id: string) => Promise<Offer | undefined>
}

/**
 * Other flights in exchange for some of a booking's: the new price as offered, less what the old
 * flights give back, plus what the rules keep. An offer made for the same passengers is the price.
 */
export const quoteChange = async (needs: Needs, ask: QuoteChange, who: Principal) => {
  const { db } = needs
  const booking = await lockOwnBooking(db, ask.booking_id, who)
  if (booking.status !== 'confirmed') throw stateConflict(booking.status)
  const offer = await requireOffer(needs, ask, booking)
  await requireOwnFlights(needs, ask, offer)
  await refuseWhilePaying(db, booking.id)

  const leaving = await leaveFlights(needs, {
    booking,
    flight_ids: ask.remove_flight_ids,
    applies_to: 'change',
  })
  const lines = [...leaving.lines, ...offer.lines.map(offered)]
  await db.rows(sql('bookings.supersede_change')`
    update bookings.change_quotes set status = 'superseded'
     where booking_id = ${booking.id} and status = 'quoted'`)
  return db.oneRow<ChangeQuote>(sql('bookings.insert_change')`
    insert into bookings.change_quotes
           (booking_id, booking_version, offer_id, removed_flight_ids, lines, rules, change_total,
            currency, expires_at)
    values (${booking.id}, ${booking.version}, ${offer.id}, ${ask.remove_flight_ids},
            ${JSON.stringify(lines)}, ${JSON.stringify(leaving.rules)},
            ${sumOf(lines.map(({ amount }) => amount))}, ${booking.currency}, ${offer.expires_at})
 returning id, booking_id, booking_version, status, offer_id, removed_flight_ids, lines, rules,
           change_total, currency, hold_id, expires_at`)
}

const requireOffer = async (needs: Needs, { offer_id }: QuoteChange, booking: LockedBooking) => {
  const offer = await needs.findOffer(needs, offer_id)
  if (!offer)
    throw invalid({
      pointer: '/offer_id',
      code: 'unknown_offer',
      detail: 'There is no such offer.',
    })
  if (offer.expires_at <= needs.clock()) throw new Problem('offer-expired')
  const travelling = await needs.db.rows<OfferedPassenger>(sql('bookings.travelling')`
    select ordinal, type, born_on, resident_of from bookings.passengers
     where booking_id = ${booking.id} order by ordinal`)
  const same =
    offer.pets === booking.pets &&
    offer.passengers.length === travelling.length &&
    travelling.every((p, i) => isSame(p, offer.passengers[i]))
  if (!same)
    throw invalid({
      pointer: '/offer_id',
      code: 'not_as_booked',
      detail: 'The offer must be for the same passengers and pets, in the same order.',
    })
  return offer
}

const isSame = (a: OfferedPassenger, b: OfferedPassenger | undefined) =>
  a.born_on === b?.born_on && a.resident_of === b.resident_of

const requireOwnFlights = async (
  { db, findFlights }: Needs,
  { booking_id, remove_flight_ids }: QuoteChange,
  offer: Offer,
) => {
  const own = await flightIdsOf(db, booking_id)
  const stranger = remove_flight_ids.findIndex((id) => !own.includes(id))
  if (stranger >= 0)
    throw invalid({
      pointer: `/remove_flight_ids/${stranger}`,
      code: 'not_in_booking',
      detail: 'The booking does not travel on this flight.',
    })
  const kept = own.filter((id) => !remove_flight_ids.includes(id))
  const journey = await findFlights({ db }, [...kept, ...offer.slices.map((s) => s.flight_id)])
  const inOrder = journey.toSorted((a, b) => a.departs_at.getTime() - b.departs_at.getTime())
  if (inOrder.some((flight, i) => i > 0 && flight.departs_at <= inOrder[i - 1]!.arrives_at))
    throw invalid({
      pointer: '/offer_id',
      code: 'flights_overlap',
      detail: 'With these flights one would depart before another arrives.',
    })
}

const refuseWhilePaying = async (db: Database, booking_id: string) => {
  const paying = await db.maybeRow(sql('bookings.paying_change')`
    select id from bookings.change_quotes where booking_id = ${booking_id} and status = 'paying'`)
  if (paying) throw new Problem('payment-pending')
}
