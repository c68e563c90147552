import { sql } from '../../kernel/sql.ts'
import type { Invariant } from '../invariants.ts'

export const bookings: Invariant[] = [
  {
    name: 'a booking’s total is the sum of its lines, all in its currency',
    offenders: () => sql('audit.total')`
      select b.id as booking_id, b.total_amount, sum(l.amount) as lines,
             b.currency, array_agg(distinct l.currency) as currencies
        from bookings.bookings b
        left join bookings.lines l on l.booking_id = b.id
    group by b.id
      having b.total_amount is distinct from sum(l.amount)
          or bool_or(l.currency <> b.currency)`,
  },
  {
    name: 'a line is reversed once, within its booking, and by the opposite amount',
    offenders: () => sql('audit.reversed')`
      select l.booking_id, l.id as line_id, l.amount, array_agg(r.amount) as reversals
        from bookings.lines l
        join bookings.lines r on r.reverses_line_id = l.id
    group by l.id
      having count(*) > 1
          or bool_or(r.amount <> -l.amount or r.quantity <> l.quantity)
          or bool_or(r.booking_id <> l.booking_id or r.currency <> l.currency)
          or l.reverses_line_id is not null`,
  },
  {
    name: 'a booking’s history has every version once and ends in its status',
    offenders: () => sql('audit.history')`
      select b.id as booking_id, b.status, b.version,
             array_agg(concat(h.version, ' ', h.to_status) order by h.version) as steps
        from bookings.bookings b
        left join (
          select booking_id, version, from_status, to_status,
                 lag(to_status) over (partition by booking_id order by version) as left_status
            from bookings.history) h on h.booking_id = b.id
    group by b.id
      having count(h.version) <> b.version
          or count(distinct h.version) <> b.version
          or min(h.version) is distinct from 1
          or max(h.version) is distinct from b.version
          or (array_agg(h.to_status order by h.version desc))[1] is distinct from b.status
          or bool_or(h.from_status is distinct from h.left_status)`,
  },
  {
    name: 'a booking only goes where its state machine lets it',
    offenders: () => sql('audit.transitions')`
      select booking_id, version, from_status, to_status
        from bookings.history
       where (coalesce(from_status, 'none'), to_status) not in (values
               ('none', 'pending_payment'),
               ('pending_payment', 'confirmed'),
               ('pending_payment', 'failed'),
               ('pending_payment', 'expired'),
               ('pending_payment', 'cancelled'),
               ('confirmed', 'confirmed'),
               ('confirmed', 'cancelled'),
               ('confirmed', 'completed'))`,
  },
  {
    name: 'the cost ledger has a bag for each sweets line that stands, and no other',
    offenders: () => sql('audit.sweets')`
      with owed as (
        select l.booking_id, l.flight_id, l.passenger, sum(l.quantity) as bags
          from bookings.lines l
          join bookings.bookings b on b.id = l.booking_id and b.status in ('confirmed', 'completed')
         where l.code = 'SWEETS'
           and l.reverses_line_id is null
           and not exists (select from bookings.lines r where r.reverses_line_id = l.id)
      group by l.booking_id, l.flight_id, l.passenger),
      booked as (
        select booking_id, flight_id, passenger, sum(quantity) as bags
          from bookings.cost_ledger
         where code = 'SWEETS'
      group by booking_id, flight_id, passenger
        having sum(quantity) <> 0)
      select booking_id, flight_id, passenger, owed.bags as owed, booked.bags as booked
        from owed full join booked using (booking_id, flight_id, passenger)
       where owed.bags is distinct from booked.bags`,
  },
]
