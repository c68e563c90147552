import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../kernel/sql.ts'
import type { Statement } from '../../kernel/sql.ts'
import { progress } from './progress.ts'
import { doBusiness } from './test-support.ts'
import type { Business } from './test-support.ts'

let day: Business
beforeAll(async () => {
  day = await doBusiness()
})
afterAll(() => day.api.close())

const [payment, refund, booking, hold, key] = progress.map(({ name }) => name)

type Stuck = [what: string, invariant: string | undefined, minutes: number, after: StuckFor]
type StuckFor = (minutes: number) => Statement

const cases: Stuck[] = [
  [
    'a payment of which nobody has heard',
    payment,
    10,
    (minutes) => sql('test.silent_payment')`
      insert into payments.payments (booking_id, purpose, subject_id, amount, currency, created_at)
      values (${day.booked.pending.id}, 'booking', ${day.booked.pending.id}, 100, 'COP',
              now() - ${minutes} * interval '1 minute')`,
  ],
  [
    'a refund that has not left',
    refund,
    10,
    (minutes) => sql('test.lazy_refund')`
      update payments.refunds
         set status = 'requested', requested_at = now() - ${minutes} * interval '1 minute'
       where booking_id = ${day.booked.cancelled.id}`,
  ],
  [
    'a booking that is not paid and does not expire',
    booking,
    2,
    (minutes) => sql('test.late_booking')`
      update bookings.bookings set payment_required_by = now() - ${minutes} * interval '1 minute'
       where id = ${day.booked.pending.id}`,
  ],
  [
    'a booking whose payment lock ended and that does not expire',
    booking,
    2,
    (minutes) => sql('test.unlocked_booking')`
      update bookings.bookings
         set payment_required_by = now() - interval '1 hour',
             payment_locked_until = now() - ${minutes} * interval '1 minute'
       where id = ${day.booked.pending.id}`,
  ],
  [
    'a hold that is over and does not end',
    hold,
    2,
    (minutes) => sql('test.late_hold')`
      insert into seats.holds (expires_at) values (now() - ${minutes} * interval '1 minute')`,
  ],
  [
    'a key whose request never got its answer',
    key,
    10,
    (minutes) => sql('test.lost_key')`
      insert into idempotency.keys (scope, key, fingerprint, resource_id, leased_until)
      values ('test', 'test', 'test', gen_random_uuid(), now() - ${minutes} * interval '1 minute')`,
  ],
]

test.each(cases)('%s: found once its time is over', async (_, invariant, minutes, stuckFor) => {
  expect(await day.redAfter(stuckFor(minutes - 0.5))).toEqual([])
  expect(await day.redAfter(stuckFor(minutes + 0.5))).toEqual([invariant])
})

test('each invariant of progress has been broken', () => {
  expect(new Set(cases.map(([, name]) => name))).toEqual(new Set(progress.map((i) => i.name)))
})
