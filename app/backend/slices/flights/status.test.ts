import { expect, test } from 'vitest'
import { flightStatuses } from './events.ts'
import { follows } from './status.ts'

test('a flight goes forward, may be delayed before the gate closes, and ends once', () => {
  expect(follows('scheduled', 'boarding')).toBe(true)
  expect(follows('boarding', 'check_in')).toBe(false)
  expect(follows('check_in', 'delayed')).toBe(true)
  expect(follows('delayed', 'check_in')).toBe(true)
  expect(follows('gate_closed', 'delayed')).toBe(false)
  expect(follows('en_route', 'cancelled')).toBe(false)
  expect(follows('en_route', 'diverted')).toBe(true)
  expect(follows('scheduled', 'diverted')).toBe(false)
  expect(flightStatuses.some((to) => follows('cancelled', to) || follows('arrived', to))).toBe(
    false,
  )
})
