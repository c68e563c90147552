import { describe, expect, test } from 'vitest'
import { environmentsOf } from '../environments.ts'
import type { ComposeEnvironment } from '../environments.ts'
import { judge } from './verdict.ts'
import type { Figures } from './verdict.ts'

const { limits } = environmentsOf({}).find(({ name }) => name === 'local') as ComposeEnvironment

const old: Figures = { requests: 2807, errors: 0, p95Seconds: 0.041 }
const judged = (fresh: Partial<Figures>, before: Partial<Figures> = {}) =>
  judge({ ...old, ...before }, { requests: 312, errors: 0, p95Seconds: 0.045, ...fresh }, limits)

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
    expect(judged({ p95Seconds: 0.126 })).toEqual({
      is: 'slower',
      why: 'p95 126 ms, old version 41 ms: 3.1 times, limit 2 times',
    })
  })

  test('slower by milliseconds is not slower', () => {
    expect(judged({ p95Seconds: 0.009 }, { p95Seconds: 0.003 }).is).toBe('good')
  })

  test('that nobody asked cannot be compared', () => {
    expect(judged({ requests: 4, p95Seconds: 3 })).toEqual({
      is: 'too quiet',
      why: 'only 4 requests: too few to compare',
    })
  })
})
