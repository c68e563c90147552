import { sql } from '../../kernel/sql.ts'
import type { Invariant } from '../invariants.ts'

/** Nothing is stuck: whatever waits is waited for by someone who still comes. */
export const progress: Invariant[] = [
  {
    name: 'no payment is stuck',
    offenders: ({ payment }) => sql('audit.stuck_payments')`
      select id as payment_id, booking_id, created_at, next_check_at
        from payments.payments
       where status = 'processing'
         and created_at < now() - ${payment} * interval '1 minute'`,
  },
  {
    name: 'no refund is stuck',
    offenders: ({ refund }) => sql('audit.stuck_refunds')`
      select id as refund_id, booking_id, requested_at, attempts, last_error
        from payments.refunds
       where status = 'requested'
         and requested_at < now() - ${refund} * interval '1 minute'`,
  },
  {
    name: 'no unpaid booking outlives its time',
    offenders: ({ unpaidBooking }) => sql('audit.stuck_bookings')`
      select id as booking_id, payment_required_by, payment_locked_until
        from bookings.bookings
       where status = 'pending_payment'
         and greatest(payment_required_by, payment_locked_until)
               < now() - ${unpaidBooking} * interval '1 minute'`,
  },
  {
    name: 'no hold outlives its time',
    offenders: ({ hold }) => sql('audit.stuck_holds')`
      select id as hold_id, expires_at
        from seats.holds
       where state = 'active'
         and expires_at < now() - ${hold} * interval '1 minute'`,
  },
  {
    name: 'no idempotency key is left without its answer',
    offenders: ({ idempotencyKey }) => sql('audit.stuck_keys')`
      select scope, key, resource_id, leased_until
        from idempotency.keys
       where status is null
         and coalesce(leased_until, created_at) < now() - ${idempotencyKey} * interval '1 minute'`,
  },
]
