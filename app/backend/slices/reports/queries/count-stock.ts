import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'

export type Stock = { stuck: number; sold: number; oversold: number }

/**
 * Payments without news for a quarter of an hour, and seats sold of flights still on sale. Oversold is
 * counted from who has a seat (sales, and bookings that are confirmed), not from what our constraints
 * promise: each further owner of a seat is one too many.
 */
export const countStock = ({ db }: { db: Database }) =>
  db.oneRow<Stock>(sql('reports.stock')`
    with upcoming as (
      select flight_id from seats.departures where closes_at > now()),
    claims as (
      select flight_id, unit_code, booking_id, 1 as sales, 0 as items
        from seats.sales join upcoming using (flight_id)
       where kind = 'seat' and released_at is null
       union all
      select i.flight_id, i.unit_code, i.booking_id, 0, 1
        from bookings.items i
        join upcoming using (flight_id)
        join bookings.bookings b on b.id = i.booking_id and b.status = 'confirmed'
       where i.kind = 'seat' and i.released_at is null),
    owned as (
      select sum(sales) as sales,
             greatest(sum(sales), sum(items), count(distinct booking_id)) - 1 as too_many
        from claims
    group by flight_id, unit_code)
    select (select count(*)::int from payments.payments
             where status = 'processing' and created_at < now() - interval '15 minutes') as stuck,
           coalesce(sum(sales), 0)::int as sold,
           coalesce(sum(too_many), 0)::int as oversold
      from owned`)
