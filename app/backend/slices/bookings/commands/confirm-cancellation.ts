import type { Database } from '../../../kernel/database.ts'
import { actorOf } from '../../../kernel/principal.ts'
import type { Principal } from '../../../kernel/principal.ts'
import { Problem } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import { flightIdsOf, releaseItems } from '../items.ts'
import { addLines } from '../lines.ts'
import { lockOwnBooking, noSuchBooking } from '../lock-booking.ts'
import { bookSweets } from '../sweets.ts'
import { transition } from '../transition.ts'
import type { CancellationQuote } from './quote-cancellation.ts'

export type RequestRefund = (
  within: { db: Database },
  refund: { booking_id: string; amount: number; reason: string; business_key: string },
) => Promise<void>

export type Needs = {
  db: Database
  clock: () => Date
  releaseHold: (within: { db: Database }, id: string) => Promise<void>
  releaseSales: (
    within: { db: Database },
    sale: { booking_id: string; flight_ids: string[] },
  ) => Promise<unknown>
  requestRefund: RequestRefund
}

/** Does what the quote says: gives the seats back, writes its lines, and sends the money on its way. */
export const confirmCancellation = async (
  needs: Needs,
  { quote_id, who }: { quote_id: string; who: Principal },
) => {
  const { db } = needs
  const quote = await findQuote(db, quote_id)
  const booking = await lockOwnBooking(db, quote.booking_id, who)
  if (booking.is_payment_locked) throw new Problem('payment-pending')
  const current = await takeQuote(needs, quote_id, booking.version)

  const flight_ids = await flightIdsOf(db, booking.id)
  if (booking.status === 'pending_payment') await needs.releaseHold({ db }, booking.hold_id)
  else await needs.releaseSales({ db }, { booking_id: booking.id, flight_ids })
  await releaseItems(db, booking.id, flight_ids)
  await addLines(db, { booking_id: booking.id, version: booking.version + 1, lines: current.lines })
  await transition(db, {
    booking_id: booking.id,
    from: booking.status,
    to: 'cancelled',
    reason: `cancellation quote ${quote_id}`,
    actor: actorOf(who),
    event: 'booking.cancelled',
  })
  await bookSweets(db, { booking_id: booking.id })
  if (current.refund_amount > 0)
    await needs.requestRefund(
      { db },
      {
        booking_id: booking.id,
        amount: current.refund_amount,
        reason: 'cancellation',
        business_key: `cancellation:${quote_id}`,
      },
    )
  return { ...current, status: 'confirmed' }
}

const findQuote = async (db: Database, id: string) => {
  const quote = await db.maybeRow<{ booking_id: string }>(sql('bookings.find_cancellation')`
    select booking_id from bookings.cancellation_quotes where id = ${id}`)
  // As for the quote of somebody else: a stranger must not learn which there are.
  if (!quote) throw noSuchBooking()
  return quote
}

const takeQuote = async ({ db, clock }: Needs, id: string, version: number) => {
  const taken = await db.maybeRow<CancellationQuote>(sql('bookings.take_cancellation')`
    update bookings.cancellation_quotes
       set status = 'confirmed', confirmed_at = clock_timestamp()
     where id = ${id} and status = 'quoted' and booking_version = ${version}
 returning id, booking_id, booking_version, status, lines, rules, refund_amount, retained_amount,
           currency, expires_at`)
  if (!taken) throw new Problem('quote-superseded', 'Ask for a new quote; this one is not current.')
  if (taken.expires_at <= clock()) throw new Problem('quote-expired')
  return taken
}
