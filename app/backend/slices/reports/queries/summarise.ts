import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'

export type Period = { from: string; to: string }

export type Summary = {
  collected: number
  refunded: number
  bookings: number
  pets: number
  infants: number
  sweets_bags: number
  sweets_cost: number
  destinations: { destination: string; passengers: number }[]
  taxes: { destination: string; code: string; amount: number }[]
}

/**
 * What the company sees of a period, `to` included, by the day in Bogotá on which money moved or a
 * booking was confirmed. `infants` are the passengers who get sweets: 12 or younger on their flight.
 */
export const summarise = ({ db }: { db: Database }, { from, to }: Period) =>
  db.oneRow<Summary>(sql('reports.summarise')`
    with period as (
      select ${from}::date::timestamp at time zone 'America/Bogota' as since,
             (${to}::date + 1)::timestamp at time zone 'America/Bogota' as until),
    sold as (
      select b.id, b.pets from bookings.bookings b, period
       where b.confirmed_at >= since and b.confirmed_at < until and b.status in ('confirmed', 'completed')),
    travelling as (
      select i.booking_id, i.passenger, i.flight_id, i.kind, f.destination
        from sold
        join bookings.items i on i.booking_id = sold.id and i.released_at is null
        join flights.flights f on f.id = i.flight_id),
    sweets as (
      select coalesce(sum(c.quantity), 0)::int as bags,
             coalesce(sum(c.quantity * c.unit_cost), 0)::bigint as cost,
             count(distinct (c.booking_id, c.passenger)) filter (where c.quantity > 0)::int as infants
        from sold join bookings.cost_ledger c on c.booking_id = sold.id)
    select (select coalesce(sum(amount), 0)::bigint from payments.payments, period
             where status = 'captured' and settled_at >= since and settled_at < until) as collected,
           (select coalesce(sum(amount), 0)::bigint from payments.refunds, period
             where status = 'succeeded' and settled_at >= since and settled_at < until) as refunded,
           (select count(*)::int from sold) as bookings,
           (select count(*)::int from travelling where kind = 'pet') as pets,
           sweets.infants, sweets.bags as sweets_bags, sweets.cost as sweets_cost,
           (select coalesce(jsonb_agg(d order by d.passengers desc, d.destination), '[]')
              from (select destination, count(*)::int as passengers
                      from travelling where kind <> 'pet' group by destination) d) as destinations,
           (select coalesce(jsonb_agg(t order by t.destination, t.code), '[]')
              from (select f.destination, l.code, sum(l.amount)::bigint as amount
                      from sold
                      join bookings.lines l on l.booking_id = sold.id and l.kind = 'tax'
                      join flights.flights f on f.id = l.flight_id
                  group by f.destination, l.code
                    having sum(l.amount) <> 0) t) as taxes
      from sweets`)
