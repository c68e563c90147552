import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../kernel/sql.ts'
import type { Statement } from '../../kernel/sql.ts'
import { bookings } from './bookings.ts'
import { doBusiness } from './test-support.ts'
import type { Business } from './test-support.ts'

let day: Business
beforeAll(async () => {
  day = await doBusiness()
})
afterAll(() => day.api.close())

const [total, reversed, history, transitions, sweets] = bookings.map(({ name }) => name)

type Break = [how: string, invariant: string | undefined, statements: () => Statement[]]

const breaks: Break[] = [
  [
    'a total that is a peso too high',
    total,
    () => [
      sql('test.raise_total')`
        update bookings.bookings set total_amount = total_amount + 100
         where id = ${day.booked.pending.id}`,
    ],
  ],
  [
    'a line in another currency',
    total,
    () => [
      sql('test.dollars')`
        update bookings.lines set currency = 'USD'
         where booking_id = ${day.booked.pending.id} and code = 'PET'`,
    ],
  ],
  [
    'a reversal that takes back a peso more, and one that takes back a peso less',
    reversed,
    () => [
      sql('test.uneven')`
        update bookings.lines set amount = amount + case code when 'PET' then 100 else -100 end
         where booking_id = ${day.booked.cancelled.id} and reverses_line_id is not null
           and (code = 'PET' or (kind = 'fare' and passenger = 1))`,
    ],
  ],
  [
    'a line that is reversed twice',
    reversed,
    () => [
      sql('test.allow_reversals')`drop index bookings.lines_reversed_once`,
      sql('test.reverse_again')`
        insert into bookings.lines
               (booking_id, version, kind, code, quantity, amount, currency, refundable, name_es, name_en,
                reverses_line_id)
        select booking_id, version, kind, code, quantity, amount, currency, refundable, name_es, name_en,
               reverses_line_id
          from bookings.lines
         where booking_id = ${day.booked.cancelled.id}
           and code = 'SWEETS' and passenger = 2 and reverses_line_id is not null`,
    ],
  ],
  [
    'a step that nobody wrote down',
    history,
    () => [
      sql('test.forget_step')`
        delete from bookings.history where booking_id = ${day.booked.confirmed.id} and version = 1`,
    ],
  ],
  [
    'a status that the history does not end in',
    history,
    () => [
      sql('test.other_end')`
        update bookings.bookings set status = 'completed' where id = ${day.booked.confirmed.id}`,
    ],
  ],
  [
    'a version that is there twice, and one that is missing',
    history,
    () => [
      sql('test.allow_versions')`alter table bookings.history drop constraint history_pkey`,
      sql('test.same_version')`
        update bookings.history set version = 1 where booking_id = ${day.booked.flown.id} and version = 2`,
    ],
  ],
  [
    'a booking that came back from its expiry',
    transitions,
    () => [
      sql('test.expire_first')`
        update bookings.history set to_status = 'expired'
         where booking_id = ${day.booked.confirmed.id} and version = 2`,
      sql('test.come_back')`
        insert into bookings.history (booking_id, version, from_status, to_status, reason, actor)
        values (${day.booked.confirmed.id}, 3, 'expired', 'confirmed', 'broken', 'test')`,
      sql('test.count_on')`
        update bookings.bookings set version = 3 where id = ${day.booked.confirmed.id}`,
    ],
  ],
  [
    'a bag of sweets for a booking that was cancelled',
    sweets,
    () => [
      sql('test.stray_bag')`
        insert into bookings.cost_ledger (booking_id, flight_id, passenger, code, quantity, unit_cost, currency)
        select booking_id, flight_id, passenger, code, 1, unit_cost, currency
          from bookings.cost_ledger
         where booking_id = ${day.booked.cancelled.id} and quantity > 0`,
    ],
  ],
  [
    'a child without sweets',
    sweets,
    () => [
      sql('test.no_bag')`
        delete from bookings.cost_ledger where booking_id = ${day.booked.changed.id} and quantity > 0`,
    ],
  ],
]

test.each(breaks)('%s: found, and nothing else', async (_, invariant, statements) => {
  expect(await day.redAfter(...statements())).toEqual([invariant])
})

test('each invariant of the bookings has been broken', () => {
  expect(new Set(breaks.map(([, name]) => name))).toEqual(new Set(bookings.map((i) => i.name)))
})
