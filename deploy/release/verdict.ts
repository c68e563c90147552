import { countAbove, quantileOf } from './quantile.ts'
import type { Bucket } from './quantile.ts'

/** What a colour answered since the slice was opened. */
export type Figures = { requests: number; errors: number; times: Bucket[] }

export type Limits = {
  /** Of fewer requests nothing is concluded. */
  requestsMin: number
  errorsMin: number
  /** Above the old version's own ratio of errors. */
  errorRatioMax: number
  /** How many times slower it may be, by the 95th percentile… */
  slowerMax: number
  /** …and by how much, below which slower is noise. */
  slowerSecondsMin: number
}

/** `perhaps slower`: its 95th percentile says so, but may by chance. */
export type Verdict = {
  is: 'good' | 'erring' | 'slower' | 'perhaps slower' | 'too quiet'
  why: string
}

/** Whether the new version serves as well as the old one beside it; `why` names the figure. */
export const judge = (old: Figures, fresh: Figures, limits: Limits): Verdict => {
  const said = { errors: errorsSaid(old, fresh, limits), p95: slownessSaid(old, fresh, limits) }
  const errs = ratioOf(fresh) > ratioOf(old) + limits.errorRatioMax
  if (fresh.errors >= limits.errorsMin && errs) return { is: 'erring', why: said.errors }
  if (fresh.requests < limits.requestsMin)
    return { is: 'too quiet', why: `only ${fresh.requests} requests: too few to compare` }
  const slow = slowOf(old, fresh, limits)
  if (slow !== undefined && slow.count > slow.expected)
    return { is: slow.isSure ? 'slower' : 'perhaps slower', why: `${said.p95}; ${slow.said}` }
  return { is: 'good', why: `${said.errors}; ${said.p95}` }
}

const ratioOf = ({ requests, errors }: Figures) => (requests === 0 ? 0 : errors / requests)

/** Of requests, so many may be above a 95th percentile. */
const TAIL = 0.05
/** So far above what is expected, in standard deviations, it comes by chance once in a thousand times. */
const DEVIATIONS = 3

const p95Of = ({ times }: Figures) => quantileOf(1 - TAIL, times)

/** How many took longer than a version may that is just about not too slow, and how many may. */
const slowOf = (old: Figures, fresh: Figures, { slowerMax, slowerSecondsMin }: Limits) => {
  const before = p95Of(old)
  if (before === undefined) return undefined
  const limit = Math.max(before * slowerMax, before + slowerSecondsMin)
  const count = countAbove(limit, fresh.times)
  const expected = fresh.requests * TAIL
  const isSure = count > expected + DEVIATIONS * Math.sqrt(expected * (1 - TAIL))
  const said = `${percent(count / fresh.requests)} of ${fresh.requests} requests took longer than ${milliseconds(limit)}`
  return { count, expected, isSure, said }
}

const errorsSaid = (old: Figures, fresh: Figures, { errorRatioMax }: Limits) =>
  `error ratio ${percent(ratioOf(fresh))} (${fresh.errors} of ${fresh.requests} requests), ` +
  `old version ${percent(ratioOf(old))}, limit ${percent(ratioOf(old) + errorRatioMax)}`

const slownessSaid = (old: Figures, fresh: Figures, { slowerMax }: Limits) => {
  const [before, now] = [p95Of(old), p95Of(fresh)]
  if (before === undefined || now === undefined) return 'p95 unknown'
  const times = (now / before).toFixed(1)
  return `p95 ${milliseconds(now)}, old version ${milliseconds(before)}: ${times} times, limit ${slowerMax} times`
}

const percent = (ratio: number) => `${(ratio * 100).toFixed(1)} %`
const milliseconds = (seconds: number) => `${Math.round(seconds * 1000)} ms`
