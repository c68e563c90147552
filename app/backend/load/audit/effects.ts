import { sql } from '../../kernel/sql.ts'
import type { Invariant } from '../invariants.ts'

/** What is asked twice happens once. */
export const effects: Invariant[] = [
  {
    name: 'an offer is booked once',
    offenders: () => sql('audit.offer_once')`
      select offer_id, array_agg(id) as bookings
        from bookings.bookings
    group by offer_id
      having count(*) > 1`,
  },
  {
    name: 'a kept answer to POST /api/bookings names a booking of its own',
    offenders: () => sql('audit.kept_answers')`
      select k.body ->> 'id' as booking_id, array_agg(k.key) as keys
        from idempotency.keys k
        left join bookings.bookings b on b.id::text = k.body ->> 'id'
       where k.scope like '% POST /api/bookings'
         and k.status = 201
    group by k.body ->> 'id'
      having count(*) > 1 or count(b.id) = 0`,
  },
  {
    name: 'a thing is paid once',
    offenders: () => sql('audit.paid_once')`
      select purpose, subject_id, array_agg(id) as payments
        from payments.payments
       where status = 'captured'
    group by purpose, subject_id
      having count(*) > 1`,
  },
  {
    name: 'a notice of the gateway is taken once, and is of a payment of ours',
    offenders: () => sql('audit.notices')`
      select e.id as event_id, array_agg(e.payment_id) as payments
        from payments.gateway_events e
        left join payments.payments p on p.id = e.payment_id
    group by e.id
      having count(*) > 1 or count(p.id) = 0`,
  },
]
