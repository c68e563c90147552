import { sql } from '../../kernel/sql.ts'
import type { Invariant } from '../invariants.ts'

export const money: Invariant[] = [
  {
    name: 'captured less refunded is what a paid booking costs, and nothing for any other',
    offenders: () => sql('audit.ledger')`
      with captured as (
        select booking_id, sum(amount) as amount, array_agg(distinct currency) as currencies
          from payments.payments
         where status = 'captured'
      group by booking_id),
      refunded as (
        select booking_id, sum(amount) as amount
          from payments.refunds
         where status in ('requested', 'succeeded')
      group by booking_id),
      due as (
        select id as booking_id, status, currency,
               case when status in ('confirmed', 'completed')
                      or (status = 'cancelled' and confirmed_at is not null)
                    then total_amount else 0 end as amount
          from bookings.bookings)
      select booking_id, due.status, due.amount as due, captured.amount as captured,
             refunded.amount as refunded
        from due
        full join captured using (booking_id)
        full join refunded using (booking_id)
       where due.amount is distinct from coalesce(captured.amount, 0) - coalesce(refunded.amount, 0)
          or captured.currencies <> array[due.currency]`,
  },
  {
    name: 'refunds go back to a captured payment and never exceed it',
    offenders: () => sql('audit.refunds')`
      select p.booking_id, p.id as payment_id, p.status, p.amount, sum(r.amount) as refunded
        from payments.payments p
        join payments.refunds r on r.payment_id = p.id and r.status in ('requested', 'succeeded')
    group by p.id
      having p.status <> 'captured'
          or sum(r.amount) > p.amount
          or bool_or(r.booking_id <> p.booking_id or r.currency <> p.currency)`,
  },
]
