import { sql } from '../../kernel/sql.ts'
import type { Invariant } from '../invariants.ts'

export const inventory: Invariant[] = [
  {
    name: 'a flight has the units of its layout, each available, held, sold or blocked',
    offenders: () => sql('audit.conservation')`
      with expected as (
        select l.aircraft_code, 'seat' as kind, count(*) as units
          from seats.layouts l
         cross join jsonb_to_recordset(l.cabins)
            as c (first_row int, last_row int, columns text, missing_rows int[], missing_seats text[])
         cross join generate_series(c.first_row, c.last_row) as seat_row
         cross join regexp_split_to_table(replace(c.columns, ' ', ''), '') as letter
         where seat_row <> all (c.missing_rows)
           and seat_row || letter <> all (c.missing_seats)
      group by l.aircraft_code
         union all
        select aircraft_code, 'infant', infant_places from seats.layouts
         union all
        select aircraft_code, 'pet', pet_places from seats.layouts),
      due as (
        select d.flight_id, e.kind, e.units from seats.departures d join expected e using (aircraft_code)),
      found as (
        select flight_id, kind, count(*) as units,
               count(*) filter (where status in ('available', 'held', 'sold', 'blocked')) as known
          from seats.units
      group by flight_id, kind)
      select flight_id, kind, due.units as expected, found.units, found.known
        from due full join found using (flight_id, kind)
       where coalesce(due.units, 0) <> coalesce(found.units, 0)
          or found.known <> found.units`,
  },
  {
    name: 'what is held is held by an active hold',
    offenders: () => sql('audit.held')`
      select u.flight_id, u.kind, u.unit_code, u.status, u.hold_id, h.state
        from seats.units u
        left join seats.holds h on h.id = u.hold_id
       where (u.status = 'held') <> (h.state is not distinct from 'active')`,
  },
  {
    name: 'a booking that can still be paid holds all that it travels on',
    // With some seconds of grace: a hold that ends while we look is taken over by right.
    offenders: () => sql('audit.payable')`
      with payable as (
        select id, hold_id from bookings.bookings
         where status = 'pending_payment'
           and greatest(payment_required_by, payment_locked_until) > now() + interval '5 seconds'),
      wanted as (
        select p.id as booking_id, i.flight_id, i.kind, i.unit_code
          from payable p join bookings.items i on i.booking_id = p.id and i.released_at is null),
      held as (
        select p.id as booking_id, u.flight_id, u.kind, u.unit_code
          from payable p join seats.units u on u.hold_id = p.hold_id and u.status = 'held')
      select booking_id, flight_id, kind, unit_code,
             wanted.unit_code is not null as wanted, held.unit_code is not null as held
        from wanted full join held using (booking_id, flight_id, kind, unit_code)
       where wanted.unit_code is null or held.unit_code is null`,
  },
  {
    name: 'a sold unit has its live sale, and a live sale its sold unit',
    offenders: () => sql('audit.sold')`
      with sold as (
        select flight_id, kind, unit_code, status, sale_id from seats.units
         where status = 'sold' or sale_id is not null),
      live as (
        select flight_id, kind, unit_code, id as sale_id, booking_id from seats.sales
         where released_at is null)
      select flight_id, kind, unit_code, sale_id, sold.status, live.booking_id
        from sold full join live using (flight_id, kind, unit_code, sale_id)
       where sold.status is distinct from 'sold' or live.booking_id is null`,
  },
  {
    name: 'a unit is sold once',
    offenders: () => sql('audit.sold_once')`
      select flight_id, kind, unit_code, array_agg(distinct booking_id) as bookings
        from seats.sales
       where released_at is null
    group by flight_id, kind, unit_code
      having count(*) > 1`,
  },
  {
    name: 'what is sold is what confirmed and completed bookings travel on',
    offenders: () => sql('audit.travelled')`
      with sold as (
        select booking_id, flight_id, kind, unit_code, count(*) as sales
          from seats.sales
         where released_at is null
      group by booking_id, flight_id, kind, unit_code),
      travelled as (
        select i.booking_id, i.flight_id, i.kind, i.unit_code, count(*) as items
          from bookings.items i
          join bookings.bookings b on b.id = i.booking_id and b.status in ('confirmed', 'completed')
         where i.released_at is null
      group by i.booking_id, i.flight_id, i.kind, i.unit_code)
      select booking_id, flight_id, kind, unit_code, sold.sales, travelled.items
        from sold full join travelled using (booking_id, flight_id, kind, unit_code)
       where sold.sales is distinct from travelled.items`,
  },
]
