import type { Database } from '../../../kernel/database.ts'
import { actorOf } from '../../../kernel/principal.ts'
import type { Principal } from '../../../kernel/principal.ts'
import { Problem } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Flight } from '../../flights/events.ts'
import type { Offer } from '../../offers/events.ts'
import type { Unit } from '../../seats/events.ts'
import { addItems, flightIdsOf, itemsOf, releaseItems, wantsOf } from '../items.ts'
import { addLines } from '../lines.ts'
import { lockBooking, lockOwnBooking, noSuchBooking } from '../lock-booking.ts'
import { bookSweets } from '../sweets.ts'
import { transition } from '../transition.ts'
import type { Needs as CancellationNeeds } from './confirm-cancellation.ts'
import type { ClaimUnits } from './place-booking.ts'
import type { ChangeQuote } from './quote-change.ts'
import type { KeepHeld, SellUnits } from './settle-booking.ts'

export type Needs = CancellationNeeds & {
  findOffer: (within: { db: Database }, id: string) => Promise<Offer | undefined>
  claimUnits: ClaimUnits
  keepHeld: KeepHeld
  sellUnits: SellUnits
  findHeldUnits: (within: { db: Database }, hold_id: string) => Promise<Unit[]>
  findFlights: (within: { db: Database }, ids: string[]) => Promise<Flight[]>
}

/** A change that costs nothing more is done at once. Callers pass the transaction. */
export const confirmFreeChange = async (
  needs: Needs,
  { quote_id, who }: { quote_id: string; who: Principal },
) => {
  const quote = await beginChange(needs, { quote_id, who, until: tenMinutesAfter(needs.clock()) })
  if (quote.change_total > 0)
    throw new Problem('validation-failed', 'This change costs more: send a payment method.', {
      members: { errors: [{ pointer: '/method', code: 'required', detail: 'A payment method.' }] },
    })
  if (!(await applyChange(needs, { quote_id, actor: actorOf(who) })))
    throw new Problem('seat-unavailable')
  return quote
}

const tenMinutesAfter = (now: Date) => new Date(now.getTime() + 600_000)

/** Takes the new flights' seats for the quote until `until`. The old ones stay until money has come. */
export const beginChange = async (
  needs: Needs,
  { quote_id, who, until }: { quote_id: string; who: Principal; until: Date },
): Promise<ChangeQuote> => {
  const { db } = needs
  const known = await findChangeQuote(db, quote_id)
  const booking = await lockOwnBooking(db, known.booking_id, who)
  const quote = await lockQuote(db, quote_id)
  if (quote.status === 'paying') throw new Problem('payment-pending')
  if (quote.status !== 'quoted' || quote.booking_version !== booking.version)
    throw new Problem('quote-superseded', 'Ask for a new quote; this one is not current.')
  if (quote.expires_at <= needs.clock()) throw new Problem('quote-expired')

  const offer = await requireOffer(needs, quote)
  const claimed = await needs.claimUnits(
    { db },
    {
      wants: wantsOf(offer.slices, offer.passengers, offer.pets),
      hold_ids: offer.seat_hold_ids,
      seconds: Math.ceil((until.getTime() - needs.clock().getTime()) / 1000),
    },
  )
  await setQuote(db, { id: quote_id, status: 'paying', hold_id: claimed.hold_id })
  return quote
}

/**
 * Puts the change into force: the new seats are sold, the old ones go back, the lines are written.
 * Answers false when the new seats or the booking are gone, and then gives everything back.
 */
export const applyChange = async (
  needs: Needs,
  { quote_id, actor }: { quote_id: string; actor: string },
): Promise<boolean> => {
  const { db } = needs
  const { booking_id } = await findChangeQuote(db, quote_id)
  const booking = await lockBooking(db, booking_id)
  const quote = await lockQuote(db, quote_id)
  if (quote.status !== 'paying' || quote.hold_id === null) return false
  const offer = await requireOffer(needs, quote)
  const wanted = wantsOf(offer.slices, offer.passengers, offer.pets)
  const units = await needs.findHeldUnits({ db }, quote.hold_id)
  const count = wanted.reduce((sum, want) => sum + want.count, 0)
  const sale = { hold_id: quote.hold_id, booking_id, units: count }
  const valid = booking.status === 'confirmed' && booking.version === quote.booking_version
  if (!valid || !(await needs.sellUnits({ db }, sale))) {
    await abandonChange(needs, { quote_id, status: 'failed' })
    return false
  }
  await exchange(needs, { quote, offer, units, version: booking.version + 1, actor })
  return true
}

type Exchange = { quote: ChangeQuote; offer: Offer; units: Unit[]; version: number; actor: string }

const exchange = async (needs: Needs, { quote, offer, units, version, actor }: Exchange) => {
  const { db } = needs
  const { booking_id, removed_flight_ids } = quote
  await needs.releaseSales({ db }, { booking_id, flight_ids: removed_flight_ids })
  await releaseItems(db, booking_id, removed_flight_ids)
  await addItems(db, booking_id, itemsOf(offer.slices, offer.passengers, units))
  await addLines(db, { booking_id, version, lines: quote.lines })
  await setLastArrival(needs, booking_id)
  await transition(db, {
    booking_id,
    from: 'confirmed',
    to: 'confirmed',
    reason: `change quote ${quote.id}`,
    actor,
    event: 'booking.changed',
  })
  await bookSweets(db, { booking_id })
  await setQuote(db, { id: quote.id, status: 'confirmed', hold_id: quote.hold_id })
  if (quote.change_total < 0)
    await needs.requestRefund(
      { db },
      {
        booking_id,
        amount: -quote.change_total,
        reason: 'change',
        business_key: `change:${quote.id}`,
      },
    )
}

const setLastArrival = async ({ db, findFlights }: Needs, booking_id: string) => {
  const flights = await findFlights({ db }, await flightIdsOf(db, booking_id))
  const last = Math.max(...flights.map(({ arrives_at }) => arrives_at.getTime()))
  await db.rows(sql('bookings.set_last_arrival')`
    update bookings.bookings set last_arrival_at = ${new Date(last)} where id = ${booking_id}`)
}

/** The surcharge is still on its way: keeps the new seats for longer. */
export const keepChangeForPayment = async (
  { db, keepHeld }: Pick<Needs, 'db' | 'keepHeld'>,
  { quote_id, until }: { quote_id: string; until: Date },
) => {
  const { hold_id } = await lockQuote(db, quote_id)
  if (hold_id) await keepHeld({ db }, { hold_id, until, units: 0 })
}

/** The money did not come, or came too late: the new seats go back; the booking is as it was. */
export const abandonChange = async (
  needs: Pick<Needs, 'db' | 'releaseHold'>,
  { quote_id, status }: { quote_id: string; status: 'quoted' | 'failed' },
) => {
  const { db } = needs
  const quote = await lockQuote(db, quote_id)
  if (quote.status !== 'paying') return
  if (quote.hold_id) await needs.releaseHold({ db }, quote.hold_id)
  await setQuote(db, { id: quote_id, status, hold_id: null })
}

export const findChangeQuote = async (db: Database, id: string) => {
  const quote = await db.maybeRow<Pick<ChangeQuote, 'booking_id' | 'change_total' | 'hold_id'>>(
    sql('bookings.find_change')`
      select booking_id, change_total, hold_id from bookings.change_quotes where id = ${id}`,
  )
  // As for the quote of somebody else: a stranger must not learn which there are.
  if (!quote) throw noSuchBooking()
  return quote
}

/** Reads a quote that is about to change. */
export const lockQuote = (db: Database, id: string) =>
  db.oneRow<ChangeQuote>(sql('bookings.lock_change')`
    select id, booking_id, booking_version, status, offer_id, removed_flight_ids, lines, rules,
           change_total, currency, hold_id, expires_at
      from bookings.change_quotes
     where id = ${id}
       for no key update`)

const requireOffer = async ({ db, findOffer }: Needs, { offer_id }: ChangeQuote) => {
  const offer = await findOffer({ db }, offer_id)
  if (!offer) throw new Error(`change quote of an offer that is gone: ${offer_id}`)
  return offer
}

const setQuote = (
  db: Database,
  { id, status, hold_id }: Pick<ChangeQuote, 'id' | 'status' | 'hold_id'>,
) =>
  db.rows(sql('bookings.set_change')`
    update bookings.change_quotes
       set status = ${status}, hold_id = ${hold_id},
           confirmed_at = case when ${status} = 'confirmed' then clock_timestamp() end
     where id = ${id}`)
