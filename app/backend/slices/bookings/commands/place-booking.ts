import type { Database } from '../../../kernel/database.ts'
import { note } from '../../../kernel/ledger.ts'
import type { Currency, Money } from '../../../kernel/money.ts'
import { record } from '../../../kernel/outbox.ts'
import { actorOf } from '../../../kernel/principal.ts'
import type { Principal } from '../../../kernel/principal.ts'
import { Problem, invalid } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Offer } from '../../offers/events.ts'
import type { Unit } from '../../seats/events.ts'
import { addItems, itemsOf, wantsOf } from '../items.ts'
import type { Want } from '../items.ts'
import { addLines, offered } from '../lines.ts'
import { countPlaced } from '../metrics.ts'
import { familyNameKey, newReference } from '../reference.ts'
import { bookingEvent } from '../transition.ts'

export type PlaceBooking = {
  offer_id: string
  quote_hash: string
  contact: { email: string; phone?: string | undefined }
  language: 'es' | 'en'
  passengers: {
    given_name: string
    family_name: string
    born_on: string
    document: {
      type: string
      number: string
      issuing_country: string
      expires_on?: string | undefined
    }
  }[]
}

export type ClaimUnits = (
  within: { db: Database },
  claim: { wants: Want[]; hold_ids: string[]; seconds: number },
) => Promise<{ hold_id: string; expires_at: Date; units: Unit[] }>

export type Needs = {
  db: Database
  clock: () => Date
  findOffer: (within: { db: Database }, id: string) => Promise<Offer | undefined>
  claimUnits: ClaimUnits
}

/** Time to pay. Long enough for a bank's confirmation, short enough that seats are not hoarded. */
const PAYMENT_MINUTES = 20

export type Placed = {
  id: string
  booking_reference: string
  status: 'pending_payment'
  version: number
  total: Money
  payment_required_by: Date
  placed_at: Date
}

/** Books what was offered: claims its seats and writes it, all or nothing, and waits for payment. */
export const placeBooking = async (
  needs: Needs,
  order: PlaceBooking,
  who: Principal,
): Promise<Placed> => {
  const offer = await needs.findOffer(needs, order.offer_id)
  requireLiveOffer(offer, order, needs.clock())
  requireSamePassengers(offer, order)

  return needs.db.transaction(async (tx) => {
    const claimed = await needs.claimUnits(
      { db: tx },
      {
        wants: wantsOf(offer.slices, offer.passengers, offer.pets),
        hold_ids: offer.seat_hold_ids,
        seconds: PAYMENT_MINUTES * 60,
      },
    )
    const booking = await insertBooking(tx, { offer, order, who, claimed })
    note('booking_reference', booking.booking_reference)
    tx.afterCommit(countPlaced)
    const told = { booking_id: booking.id, event: 'booking.created' as const, reason: 'placed' }
    await Promise.all([
      insertPassengers(tx, booking.id, offer, order),
      addItems(tx, booking.id, itemsOf(offer.slices, offer.passengers, claimed.units)),
      addLines(tx, { booking_id: booking.id, version: 1, lines: offer.lines.map(offered) }),
      record(tx, bookingEvent(told, { ...booking, version: 1 })),
    ])
    return {
      ...booking,
      status: 'pending_payment' as const,
      version: 1,
      total: { amount: offer.total_amount, currency: offer.currency as Currency },
      payment_required_by: claimed.expires_at,
    }
  })
}

function requireLiveOffer(
  offer: Offer | undefined,
  { quote_hash }: PlaceBooking,
  now: Date,
): asserts offer is Offer {
  if (!offer)
    throw invalid({
      pointer: '/offer_id',
      code: 'unknown_offer',
      detail: 'There is no such offer.',
    })
  if (offer.expires_at <= now) throw new Problem('offer-expired')
  if (offer.quote_hash !== quote_hash) {
    const { lines, total_amount: amount, currency } = offer
    throw new Problem('price-changed', undefined, {
      members: { quote: { quote_hash: offer.quote_hash, lines, total: { amount, currency } } },
    })
  }
}

const requireSamePassengers = (offer: Offer, { passengers }: PlaceBooking) => {
  if (passengers.length !== offer.passengers.length)
    throw invalid({
      pointer: '/passengers',
      code: 'not_as_offered',
      detail: `The offer is for ${offer.passengers.length} passengers.`,
    })
  const other = passengers.findIndex((p, i) => p.born_on !== offer.passengers[i]?.born_on)
  if (other >= 0)
    throw invalid({
      pointer: `/passengers/${other}/born_on`,
      code: 'not_as_offered',
      detail: 'The offer is for a passenger born on another day; ask for a new offer.',
    })
}

type Inserted = Pick<Placed, 'id' | 'booking_reference' | 'placed_at'>

type Booked = {
  offer: Offer
  order: PlaceBooking
  who: Principal
  claimed: { hold_id: string; expires_at: Date }
}

const insertBooking = async (tx: Database, booked: Booked): Promise<Inserted> => {
  const { offer, order, who, claimed } = booked
  const placed = await tx.maybeRow<Inserted>(sql('bookings.insert')`
    with booking as (
      insert into bookings.bookings
             (booking_reference, offer_id, account_id, total_amount, currency, contact_email,
              contact_phone, language, pets, hold_id, payment_required_by, last_arrival_at)
      values (${newReference()}, ${offer.id}, ${who.kind === 'account' ? who.id : null},
              ${offer.total_amount}, ${offer.currency}, ${order.contact.email},
              ${order.contact.phone ?? null}, ${order.language}, ${offer.pets},
              ${claimed.hold_id}, ${claimed.expires_at}, ${offer.slices.at(-1)!.arrives_at})
          on conflict do nothing
   returning id, booking_reference, placed_at),
    history as (
      insert into bookings.history (booking_id, version, to_status, reason, actor)
      select id, 1, 'pending_payment', 'placed', ${actorOf(who)} from booking)
    select id, booking_reference, placed_at from booking`)
  if (placed) return placed
  const used = await tx.maybeRow(sql('bookings.offer_used')`
    select id from bookings.bookings where offer_id = ${offer.id}`)
  if (used) throw new Problem('offer-used')
  // The reference was taken, one chance in some 900 million a booking: draw another.
  return insertBooking(tx, booked)
}

const insertPassengers = async (
  tx: Database,
  booking_id: string,
  offer: Offer,
  { passengers }: PlaceBooking,
) => {
  const rows = offer.passengers.map(({ ordinal, type, born_on, resident_of }, index) => {
    const { given_name, family_name, document } = passengers[index]!
    const family_name_key = familyNameKey(family_name)
    return {
      ordinal,
      type,
      born_on,
      resident_of,
      given_name,
      family_name,
      family_name_key,
      document,
    }
  })
  await tx.rows(sql('bookings.insert_passengers')`
    insert into bookings.passengers
           (booking_id, ordinal, type, given_name, family_name, family_name_key, born_on,
            resident_of, document)
    select ${booking_id}, ordinal, type, given_name, family_name, family_name_key, born_on,
           resident_of, document
      from jsonb_to_recordset(${JSON.stringify(rows)})
        as p (ordinal int, type text, given_name text, family_name text, family_name_key text,
              born_on date, resident_of text, document jsonb)`)
}
