import { watchCertificate } from './certificate-watch.ts'
import { compose } from './compose.ts'
import { sql } from './kernel/sql.ts'
import { watchLocks } from './lock-watch.ts'
import { completeBookings, expireBookings } from './slices/bookings/commands/expire-bookings.ts'
import { publishSchedule } from './slices/flights/commands/publish-schedule.ts'
import { forgetExpired } from './slices/identity/commands/forget-expired.ts'
import { sendRefunds } from './slices/payments/commands/refund.ts'
import { reconcilePayments } from './slices/payments/commands/settle-payment.ts'
import { updateStock } from './slices/reports/metrics.ts'
import { openInventory } from './slices/seats/commands/open-inventory.ts'
import { expireHolds } from './slices/seats/commands/release-hold.ts'
import type { World } from './world.ts'

export type Schedule = {
  name: string
  everySeconds: number
  /** Safe to run twice, and at once in two workers. */
  run: () => Promise<unknown>
}

const HOUR = 3_600

/** What happens by itself. Events and who hears them join this page with the delivery engine. */
export const schedulesOf = (world: World): Schedule[] => {
  const needs = compose(world)
  return [
    { name: 'seats.expire_holds', everySeconds: 5, run: () => expireHolds(needs) },
    { name: 'bookings.expire', everySeconds: 5, run: () => expireBookings(needs) },
    { name: 'bookings.complete', everySeconds: 60, run: () => completeBookings(needs) },
    { name: 'operations.watch_locks', everySeconds: 1, run: () => watchLocks(needs) },
    {
      name: 'operations.watch_certificate',
      everySeconds: HOUR,
      run: () => watchCertificate(world.config),
    },
    { name: 'payments.reconcile', everySeconds: 5, run: () => reconcilePayments(needs) },
    { name: 'payments.send_refunds', everySeconds: 2, run: () => sendRefunds(needs) },
    { name: 'reports.update_stock', everySeconds: 15, run: () => updateStock(needs) },
    {
      name: 'flights.publish_schedule',
      everySeconds: HOUR,
      run: () => publishSchedule({ ...needs, openInventory }, { days: world.config.SCHEDULE_DAYS }),
    },
    { name: 'identity.forget_expired', everySeconds: HOUR, run: () => forgetExpired(needs) },
    { name: 'idempotency.forget', everySeconds: HOUR, run: () => forgetKeys(world) },
    { name: 'offers.forget', everySeconds: HOUR, run: () => forgetOffers(world) },
  ]
}

const forgetKeys = ({ db }: World) =>
  db.rows(sql('idempotency.forget')`delete from idempotency.keys where expires_at <= now()`)

// A change that is being paid for looks at its offer again, and a payment is settled within days.
const forgetOffers = ({ db }: World) =>
  db.rows(sql('offers.forget')`
    delete from offers.offers where expires_at < now() - interval '30 days'`)
