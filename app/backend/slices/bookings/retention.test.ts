import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sumOf } from '../../kernel/money.ts'
import rules from '../../data/rules.json' with { type: 'json' }
import type { BookingLine } from './lines.ts'
import { settleLeaving } from './retention.ts'
import type { Leaving, RefundRule } from './retention.ts'

const flight: Leaving = {
  flight_id: 'f',
  departs_at: new Date('2026-12-20T12:00:00Z'),
  market: 'domestic',
  is_cancelled: false,
}

const cancellation = rules.refund_rules
  .filter(({ applies_to }) => applies_to === 'cancellation')
  .map((rule) => ({ ...rule, id: rule.code, version: 1 })) as unknown as RefundRule[]

const line = (
  id: number,
  kind: BookingLine['kind'],
  passenger: number,
  amount: number,
): BookingLine => ({
  id,
  kind,
  code: kind.toUpperCase(),
  passenger,
  flight_id: 'f',
  quantity: 1,
  amount,
  currency: 'COP',
  refundable: true,
  rule_id: null,
  rule_version: null,
  name_es: '',
  name_en: '',
  reverses_line_id: null,
})

// The worked example of the notes: an adult, a child and an infant with a pet, promotion included.
const family = [
  line(1, 'fare', 1, 25_000_000),
  line(2, 'discount', 1, -2_500_000),
  line(3, 'tax', 1, 17_300_000),
  line(4, 'fare', 2, 18_750_000),
  line(5, 'discount', 2, -1_875_000),
  line(6, 'tax', 2, 17_300_000),
  line(7, 'fare', 3, 2_500_000),
  line(8, 'discount', 3, -250_000),
  line(9, 'service', 0, 12_000_000),
]

const settle = (now: string, more: { flights?: Leaving[]; lines?: BookingLine[] } = {}) =>
  settleLeaving({
    lines: family,
    flights: [flight],
    rules: cancellation,
    purchased_at: new Date('2026-11-29T06:00:00Z'),
    now: new Date(now),
    ...more,
  })

const refundOf = ({ lines }: { lines: { amount: number }[] }) => -sumOf(lines.map((l) => l.amount))

test('30 hours after the purchase, 20 days ahead, the family gets 840,625 pesos back', () => {
  const settled = settle('2026-11-30T12:00:00Z')
  expect(refundOf(settled)).toBe(84_062_500)
  expect(settled.retained).toBe(4_162_500)
})

test('within 24 hours of departure the fare is kept, taxes and the pet’s fee go back', () => {
  const settled = settle('2026-12-20T00:00:00Z')
  expect(refundOf(settled)).toBe(17_300_000 * 2 + 12_000_000)
  expect(settled.rules.filter(({ applied }) => applied).map(({ code }) => code)).toEqual([
    'LATE_CANCELLATION',
  ])
})

test('a flight that we cancel gives everything back, even on the day', () => {
  const settled = settle('2026-12-20T11:00:00Z', { flights: [{ ...flight, is_cancelled: true }] })
  expect(settled.retained).toBe(0)
  expect(refundOf(settled)).toBe(sumOf(family.map(({ amount }) => amount)))
})

test('of the rules that apply the one that keeps least counts, and the others are shown too', () => {
  const { rules: shown } = settle('2026-11-30T12:00:00Z')
  expect(shown.length).toBeGreaterThan(1)
  const applied = shown.find((rule) => rule.applied)
  expect(applied?.retained).toBe(Math.min(...shown.map(({ retained }) => retained)))
})

const moments = fc.date({
  min: new Date('2026-11-29T06:00:00Z'),
  max: new Date('2026-12-20T11:59:59Z'),
  noInvalidDate: true,
})
const fares = fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 1, maxLength: 9 })

test('whenever a booking is cancelled, what is kept is never negative nor more than the fares', () => {
  fc.assert(
    fc.property(moments, fares, (now, pesos) => {
      const lines = pesos.map((amount, i) => line(i + 1, 'fare', i + 1, amount * 100))
      const { retained } = settle(now.toISOString(), { lines })
      expect(retained).toBeGreaterThanOrEqual(0)
      expect(retained).toBeLessThanOrEqual(sumOf(lines.map(({ amount }) => amount)))
    }),
  )
})
