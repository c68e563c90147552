import { describe, expect, test } from 'vitest'
import { answersIn, figuresOf } from './figures-log.ts'
import { between, countAbove, quantileOf } from './quantile.ts'

const histogram = (...counts: number[]) =>
  [0.05, 0.1, 0.5, Infinity].map((seconds, n) => ({ seconds, count: counts[n]! }))

describe('the time that 95 of 100 requests kept within', () => {
  test('is read from a histogram as Prometheus reads it', () => {
    expect(quantileOf(0.95, histogram(0, 90, 100, 100))).toBeCloseTo(0.3)
    expect(quantileOf(0.5, histogram(100, 100, 100, 100))).toBeCloseTo(0.025)
  })

  test('is the last bound when it is beyond all, and unknown of nothing', () => {
    expect(quantileOf(0.95, histogram(0, 0, 0, 9))).toBe(0.5)
    expect(quantileOf(0.95, histogram(0, 0, 0, 0))).toBeUndefined()
    expect(quantileOf(0.95, [])).toBeUndefined()
  })

  test('counts only what came since the slice was opened', () => {
    const since = between(histogram(1000, 1000, 1000, 1000), histogram(1000, 1090, 1100, 1100))
    expect(quantileOf(0.95, since!)).toBeCloseTo(0.3)
  })

  test('is not read across a process that began anew', () => {
    expect(between(histogram(5, 5, 5, 5), histogram(1, 1, 1, 1))).toBeUndefined()
  })
})

describe('how many took longer', () => {
  test('is read from a histogram, evenly within a bucket', () => {
    expect(countAbove(0.1, histogram(20, 90, 100, 100))).toBe(10)
    expect(countAbove(0.3, histogram(20, 90, 100, 100))).toBeCloseTo(5)
  })

  test('is all of those beyond the last bound, and none of nothing', () => {
    expect(countAbove(3, histogram(20, 90, 100, 107))).toBe(7)
    expect(countAbove(3, [])).toBe(0)
    expect(countAbove(0.1, histogram(0, 0, 0, 0))).toBe(0)
  })
})

describe('by the access log', () => {
  test('each process that was asked is counted, the one that failed first as well', () => {
    const line = {
      upstream: '10.0.0.1:3000, 10.0.0.2:3000',
      ustatus: '502, 200',
      urt: '0.003, 0.020',
    }
    expect(answersIn(JSON.stringify(line))).toEqual([
      { address: '10.0.0.1', status: 502, seconds: 0.003 },
      { address: '10.0.0.2', status: 200, seconds: 0.02 },
    ])
  })

  test('files and what Nginx answers itself are nobody’s', () => {
    expect(answersIn('{"upstream":"","ustatus":""}')).toEqual([])
    expect(answersIn('2026/11/22 [notice] reload')).toEqual([])
  })

  test('a hundred answers have a share of errors and a slow end', () => {
    const answers = Array.from({ length: 100 }, (_, n) => ({
      status: n < 4 ? 500 : 200,
      seconds: n / 100,
    }))
    const { requests, errors, times } = figuresOf(answers)
    expect({ requests, errors }).toEqual({ requests: 100, errors: 4 })
    expect(quantileOf(0.95, times)).toBeCloseTo(0.94)
    expect(countAbove(0.9, times)).toBe(9)
  })
})
