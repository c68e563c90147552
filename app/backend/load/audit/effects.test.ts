import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../kernel/sql.ts'
import type { Statement } from '../../kernel/sql.ts'
import { effects } from './effects.ts'
import { money } from './money.ts'
import { doBusiness } from './test-support.ts'
import type { Business } from './test-support.ts'

let day: Business
beforeAll(async () => {
  day = await doBusiness()
})
afterAll(() => day.api.close())

const [ledger, refunds] = money.map(({ name }) => name)
const [offerOnce, keptAnswers, paidOnce, notices] = effects.map(({ name }) => name)

type Break = [how: string, invariant: string | undefined, statements: () => Statement[]]

const breaks: Break[] = [
  [
    'a peso too much, taken from a card',
    ledger,
    () => [
      sql('test.overcharge')`
        update payments.payments set amount = amount + 100
         where booking_id = ${day.booked.confirmed.id}`,
    ],
  ],
  [
    'a refund that was refused, and nobody looked',
    ledger,
    () => [
      sql('test.refuse_refund')`
        update payments.refunds set status = 'failed' where booking_id = ${day.booked.cancelled.id}`,
    ],
  ],
  [
    'money for a booking that has expired',
    ledger,
    () => [
      sql('test.late_money')`
        insert into payments.payments (booking_id, purpose, subject_id, status, amount, currency, settled_at)
        values (${day.booked.expired.id}, 'booking', ${day.booked.expired.id}, 'captured', 100, 'COP', now())`,
    ],
  ],
  [
    'a refund that is larger than its payment, though not than all payments of the booking',
    refunds,
    () => [
      sql('test.split_payment')`
        insert into payments.payments (booking_id, purpose, subject_id, status, amount, currency, settled_at)
        select booking_id, 'change', gen_random_uuid(), status, amount - 1, currency, settled_at
          from payments.payments where booking_id = ${day.booked.cancelled.id}`,
      sql('test.shrink_payment')`
        update payments.payments set amount = 1
         where booking_id = ${day.booked.cancelled.id} and purpose = 'booking'`,
    ],
  ],
  [
    'a refund to the card of another booking',
    refunds,
    () => [
      sql('test.other_card')`
        update payments.refunds
           set payment_id = (select id from payments.payments where booking_id = ${day.booked.confirmed.id})
         where booking_id = ${day.booked.cancelled.id}`,
    ],
  ],
  [
    'an offer that was booked twice',
    offerOnce,
    () => [
      sql('test.allow_offers')`alter table bookings.bookings drop constraint bookings_offer_id_key`,
      sql('test.book_again')`
        update bookings.bookings
           set offer_id = (select offer_id from bookings.bookings where id = ${day.booked.pending.id})
         where id = ${day.booked.confirmed.id}`,
    ],
  ],
  [
    'a kept answer to a booking that is not there',
    keptAnswers,
    () => [
      sql('test.lose_booking')`
        update idempotency.keys set body = json_build_object('id', gen_random_uuid())
         where body ->> 'id' = ${day.booked.pending.id}`,
    ],
  ],
  [
    'two keys that were answered with one booking',
    keptAnswers,
    () => [
      sql('test.second_key')`
        insert into idempotency.keys (scope, key, fingerprint, status, headers, body)
        select scope, key || '-again', fingerprint, status, headers, body from idempotency.keys
         where body ->> 'id' = ${day.booked.pending.id}`,
    ],
  ],
  [
    'a booking that was paid twice, though one of it is on its way back',
    paidOnce,
    () => [
      sql('test.allow_payments')`drop index payments.payments_one_live`,
      sql('test.pay_again')`
        with copy as (
          insert into payments.payments (booking_id, purpose, subject_id, status, amount, currency, settled_at)
          select booking_id, purpose, subject_id, status, amount, currency, settled_at
            from payments.payments where booking_id = ${day.booked.confirmed.id}
       returning id, booking_id, amount, currency)
        insert into payments.refunds (payment_id, booking_id, amount, currency, reason, business_key)
        select id, booking_id, amount, currency, 'paid twice', 'test' from copy`,
    ],
  ],
  [
    'a notice that was taken twice',
    notices,
    () => [
      sql(
        'test.allow_notices',
      )`alter table payments.gateway_events drop constraint gateway_events_pkey`,
      sql(
        'test.notice_again',
      )`insert into payments.gateway_events select * from payments.gateway_events`,
    ],
  ],
  [
    'a notice of a payment that is not ours',
    notices,
    () => [
      sql('test.foreign_notice')`
        insert into payments.gateway_events (id, type, payment_id)
        values ('evt_1', 'charge.captured', gen_random_uuid())`,
    ],
  ],
]

test.each(breaks)('%s: found, and nothing else', async (_, invariant, statements) => {
  expect(await day.redAfter(...statements())).toEqual([invariant])
})

test('each invariant of money and of effects has been broken', () => {
  const all = [...money, ...effects].map(({ name }) => name)
  expect(new Set(breaks.map(([, name]) => name))).toEqual(new Set(all))
})
