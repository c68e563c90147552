import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../kernel/sql.ts'
import { audit, reportOf } from './audit.ts'
import { doBusiness } from './audit/test-support.ts'
import type { Business } from './audit/test-support.ts'
import { invariants } from './invariants.ts'

let day: Business
beforeAll(async () => {
  day = await doBusiness()
})
afterAll(() => day.api.close())

test('after a day of business every invariant holds, and the audit says so line by line', async () => {
  const report = reportOf(await audit(day.api.world.db))
  expect(report.split('\n').map((line) => line.slice(0, 10))).toEqual(
    invariants.map(() => 'ok        '),
  )
})

test('a seat that buggy code sells to two bookings is found from every side', async () => {
  const { confirmed, pending } = day.booked
  const red = await day.redAfter(
    sql('test.unguard')`drop index seats.sales_one_live`,
    sql('test.sell_again')`
      insert into seats.sales (id, flight_id, kind, unit_code, booking_id)
      select gen_random_uuid(), flight_id, kind, unit_code, ${pending.id}
        from seats.sales where booking_id = ${confirmed.id}`,
  )
  expect(red).toEqual([
    'a sold unit has its live sale, and a live sale its sold unit',
    'a unit is sold once',
    'what is sold is what confirmed and completed bookings travel on',
  ])
})

test('the first offenders are shown with their ids, and many are not all listed', () => {
  const broken = Array.from({ length: 100 }, (_, id) => ({ booking_id: id }))
  expect(reportOf([{ name: 'a thing is paid once', broken: [{ booking_id: 'B7' }] }])).toBe(
    '1 BROKEN  a thing is paid once\n            {"booking_id":"B7"}',
  )
  const report = reportOf([{ name: 'a thing is paid once', broken }])
  expect(report).toContain('100 or more BROKEN')
  expect(report.split('\n')).toHaveLength(4)
})

test('who allows more time sees less as stuck', async () => {
  const patient = await audit(day.api.world.db, { hold: -1_000 })
  const red = patient.filter(({ broken }) => broken.length > 0).map(({ name }) => name)
  expect(red).toEqual(['no hold outlives its time'])
})
