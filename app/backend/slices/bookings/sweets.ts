import type { Database } from '../../kernel/database.ts'
import { record } from '../../kernel/outbox.ts'
import { sql } from '../../kernel/sql.ts'
import type { SweetsBooked } from './events.ts'

/** What a bag of sweets costs us: COP 4,500. Passengers never see it. */
const BAG_COST = 450_000

/**
 * Brings the cost ledger to the sweets lines that stand: a bag for each, and back what was taken back.
 * Called in the transaction in which a booking is confirmed, changed or cancelled.
 */
export const bookSweets = async (tx: Database, { booking_id }: { booking_id: string }) => {
  const entries = await tx.rows<{ quantity: number }>(sql('bookings.book_sweets')`
    with owed as (
      select flight_id, passenger, sum(quantity * case when reverses_line_id is null then 1 else -1 end) as bags
        from bookings.lines
       where booking_id = ${booking_id} and code = 'SWEETS'
    group by flight_id, passenger),
    booked as (
      select flight_id, passenger, sum(quantity) as bags
        from bookings.cost_ledger
       where booking_id = ${booking_id} and code = 'SWEETS'
    group by flight_id, passenger)
    insert into bookings.cost_ledger (booking_id, flight_id, passenger, code, quantity, unit_cost, currency)
    select ${booking_id}, flight_id, passenger, 'SWEETS', owed.bags - coalesce(booked.bags, 0), ${BAG_COST}, 'COP'
      from owed left join booked using (flight_id, passenger)
     where owed.bags <> coalesce(booked.bags, 0)
 returning quantity`)
  const bags = entries.reduce((sum, { quantity }) => sum + quantity, 0)
  if (entries.length > 0) await record(tx, sweetsBooked(booking_id, bags))
}

const sweetsBooked = (booking_id: string, bags: number): SweetsBooked => ({
  type: 'booking.sweets_booked',
  ordering_key: `booking:${booking_id}`,
  data: { booking_id, bags, cost: bags * BAG_COST, currency: 'COP' },
})
