import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../kernel/sql.ts'
import type { Statement } from '../../kernel/sql.ts'
import { inventory } from './inventory.ts'
import { doBusiness } from './test-support.ts'
import type { Business } from './test-support.ts'

let day: Business
beforeAll(async () => {
  day = await doBusiness()
})
afterAll(() => day.api.close())

const [conservation, held, payable, sold, soldOnce, travelled] = inventory.map(({ name }) => name)

type Break = [how: string, invariant: string | undefined, statements: () => Statement[]]

const breaks: Break[] = [
  [
    'a seat that is gone',
    conservation,
    () => [
      sql('test.lose_seat')`
        delete from seats.units
         where ctid = (select ctid from seats.units where status = 'available' limit 1)`,
    ],
  ],
  [
    'a seat that is in no known state',
    conservation,
    () => [
      sql('test.allow_any_state')`alter table seats.units drop constraint units_status_check`,
      sql('test.strange_seat')`
        update seats.units set status = 'lost'
         where ctid = (select ctid from seats.units where status = 'available' limit 1)`,
    ],
  ],
  [
    'a pet place that no layout has',
    conservation,
    () => [
      sql('test.extra_place')`
        insert into seats.units (flight_id, kind, unit_code, cabin, position)
        select flight_id, 'pet', 'P99', 'any', 99 from seats.departures limit 1`,
    ],
  ],
  [
    'a hold that was released but still holds',
    held,
    () => [
      sql('test.end_hold')`
        update seats.holds set state = 'released'
         where id = (select hold_id from bookings.bookings where id = ${day.booked.pending.id})`,
    ],
  ],
  [
    'a place that is held for a booking that does not travel on it',
    payable,
    () => [
      sql('test.forget_item')`
        update bookings.items set released_at = now()
         where booking_id = ${day.booked.pending.id} and kind = 'pet'`,
    ],
  ],
  [
    'a booking whose seat is held for somebody else',
    payable,
    () => [
      sql('test.take_seat')`
        with thief as (
          insert into seats.holds (expires_at) values (now() + interval '1 hour') returning id, expires_at)
        update seats.units u set hold_id = thief.id, held_until = thief.expires_at
          from thief, bookings.bookings b
         where b.id = ${day.booked.pending.id} and u.hold_id = b.hold_id and u.kind = 'infant'`,
    ],
  ],
  [
    'a seat that says it was sold by another sale',
    sold,
    () => [
      sql('test.other_sale')`
        update seats.units set sale_id = gen_random_uuid()
         where ctid = (select ctid from seats.units where status = 'sold' limit 1)`,
    ],
  ],
  [
    'a sold seat that is on sale again',
    sold,
    () => [
      sql('test.sell_sold')`
        update seats.units set status = 'available', sale_id = null
         where ctid = (select ctid from seats.units where status = 'sold' limit 1)`,
    ],
  ],
  [
    'sales that are there twice, items and all',
    soldOnce,
    () => [
      sql('test.unguard')`drop index seats.sales_one_live`,
      sql('test.allow_copies')`alter table seats.sales drop constraint sales_pkey`,
      sql('test.copy_sales')`
        insert into seats.sales select * from seats.sales where booking_id = ${day.booked.confirmed.id}`,
      sql('test.copy_items')`
        insert into bookings.items (booking_id, passenger, flight_id, slice, cabin, kind, unit_code)
        select booking_id, passenger, flight_id, slice, cabin, kind, unit_code
          from bookings.items where booking_id = ${day.booked.confirmed.id}`,
    ],
  ],
  [
    'a confirmed passenger without a seat',
    travelled,
    () => [
      sql('test.unseat')`
        update bookings.items set released_at = now()
         where booking_id = ${day.booked.confirmed.id} and passenger = 1`,
    ],
  ],
  [
    'a seat that is sold to a booking that has expired',
    travelled,
    () => [
      sql('test.sell_to_expired')`
        update seats.sales set booking_id = ${day.booked.expired.id}
         where booking_id = ${day.booked.flown.id}`,
    ],
  ],
]

test.each(breaks)('%s: found, and nothing else', async (_, invariant, statements) => {
  expect(await day.redAfter(...statements())).toEqual([invariant])
})

test('each invariant of the inventory has been broken', () => {
  expect(new Set(breaks.map(([, name]) => name))).toEqual(new Set(inventory.map((i) => i.name)))
})
