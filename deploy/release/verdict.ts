/** What a colour answered since the slice was opened. */
export type Figures = { requests: number; errors: number; p95Seconds: number | undefined }

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

export type Verdict = { is: 'good' | 'erring' | 'slower' | 'too quiet'; why: string }

/** Whether the new version serves as well as the old one beside it; `why` names the figure. */
export const judge = (old: Figures, fresh: Figures, limits: Limits): Verdict => {
  const said = { errors: errorsSaid(old, fresh, limits), p95: slownessSaid(old, fresh, limits) }
  const errs = ratioOf(fresh) > ratioOf(old) + limits.errorRatioMax
  if (fresh.errors >= limits.errorsMin && errs) return { is: 'erring', why: said.errors }
  if (fresh.requests < limits.requestsMin)
    return { is: 'too quiet', why: `only ${fresh.requests} requests: too few to compare` }
  if (isSlower(old, fresh, limits)) return { is: 'slower', why: said.p95 }
  return { is: 'good', why: `${said.errors}; ${said.p95}` }
}

const ratioOf = ({ requests, errors }: Figures) => (requests === 0 ? 0 : errors / requests)

const isSlower = (old: Figures, fresh: Figures, { slowerMax, slowerSecondsMin }: Limits) => {
  const [before, now] = [old.p95Seconds, fresh.p95Seconds]
  if (before === undefined || now === undefined) return false
  return now > before * slowerMax && now - before > slowerSecondsMin
}

const errorsSaid = (old: Figures, fresh: Figures, { errorRatioMax }: Limits) =>
  `error ratio ${percent(ratioOf(fresh))} (${fresh.errors} of ${fresh.requests} requests), ` +
  `old version ${percent(ratioOf(old))}, limit ${percent(ratioOf(old) + errorRatioMax)}`

const slownessSaid = (old: Figures, fresh: Figures, { slowerMax }: Limits) => {
  const [before, now] = [old.p95Seconds, fresh.p95Seconds]
  if (before === undefined || now === undefined) return 'p95 unknown'
  const times = (now / before).toFixed(1)
  return `p95 ${milliseconds(now)}, old version ${milliseconds(before)}: ${times} times, limit ${slowerMax} times`
}

const percent = (ratio: number) => `${(ratio * 100).toFixed(1)} %`
const milliseconds = (seconds: number) => `${Math.round(seconds * 1000)} ms`
