import { describe, expect, test } from 'vitest'
import { environmentsOf } from '../environments.ts'
import type { ComposeEnvironment } from '../environments.ts'
import { judge } from './verdict.ts'
import type { Figures } from './verdict.ts'

const { limits } = environmentsOf({}).find(({ name }) => name === 'local') as ComposeEnvironment

type Answered = { requests: number; errors: number; p95: number }

/** So many requests whose times grow evenly up to a little above their 95th percentile, in seconds. */
const figuresOf = ({ requests, errors, p95 }: Answered): Figures => {
  const at = (n: number) => ({ seconds: (p95 * n) / (0.95 * requests), count: n })
  return { requests, errors, times: Array.from({ length: requests }, (_, n) => at(n + 1)) }
}
const old = { requests: 2807, errors: 0, p95: 0.041 }
const judged = (fresh: Partial<Answered>, before: Partial<Answered> = {}) =>
  judge(
    figuresOf({ ...old, ...before }),
    figuresOf({ requests: 312, errors: 0, p95: 0.045, ...fresh }),
    limits,
  )

describe('a new version beside the old one', () => {
  test('that answers as well stays, and the figures are told', () => {
    expect(judged({})).toEqual({
      is: 'good',
      why:
        'error ratio 0.0 % (0 of 312 requests), old version 0.0 %, limit 1.0 %; ' +
        'p95 45 ms, old version 41 ms: 1.1 times, limit 2 times',
    })
  })

  test('that fails is taken back, and its share of errors is the reason', () => {
    expect(judged({ errors: 13 })).toEqual({
      is: 'erring',
      why: 'error ratio 4.2 % (13 of 312 requests), old version 0.0 %, limit 1.0 %',
    })
  })

  test('that fails is found out before there is enough to compare its speed', () => {
    expect(judged({ requests: 9, errors: 3 }).is).toBe('erring')
  })

  test('is not blamed for one error in a quiet minute', () => {
    expect(judged({ requests: 120, errors: 2 }).is).toBe('good')
  })

  test('is not blamed for what the old one suffers as well', () => {
    expect(judged({ errors: 30 }, { errors: 280 }).is).toBe('good')
  })

  test('three times slower is taken back, and how much is the reason', () => {
    expect(judged({ p95: 0.126 })).toEqual({
      is: 'slower',
      why:
        'p95 126 ms, old version 41 ms: 3.1 times, limit 2 times; ' +
        '38.2 % of 312 requests took longer than 82 ms',
    })
  })

  test('of whose few requests some were slow may be so by chance: only more of them can tell', () => {
    const slow = { seconds: 0.2, count: 60 }
    const some = (quick: number): Figures => {
      const times = [{ seconds: 0.03, count: quick }, { seconds: 0.19, count: quick }, slow]
      return { requests: 60, errors: 0, times }
    }
    expect(judge(figuresOf(old), some(59), limits).is).toBe('good')
    expect(judge(figuresOf(old), some(54), limits).is).toBe('perhaps slower')
    expect(judge(figuresOf(old), some(50), limits).is).toBe('slower')
  })

  test('slower by milliseconds is not slower', () => {
    expect(judged({ p95: 0.009 }, { p95: 0.003 }).is).toBe('good')
  })

  test('that nobody asked cannot be compared', () => {
    expect(judged({ requests: 4, p95: 3 })).toEqual({
      is: 'too quiet',
      why: 'only 4 requests: too few to compare',
    })
  })
})
