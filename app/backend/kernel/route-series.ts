import { phases } from './ledger.ts'
import type { Ledger, Phase } from './ledger.ts'
import * as metrics from './metrics.ts'
import type { Sum } from './tally.ts'

/** What is slow where a route says nothing of its own. */
const TARGET_MS = 300

type Answered = { method: string; status: number; wasStream: boolean; exemplar: string }

const known = new Map<string, ReturnType<typeof open>>()
const targets = new Map<string, number>()

/** A route's series, which exist from the first time it is named here. */
export const routeSeries = (route: string) => {
  const series = known.get(route) ?? open(route, TARGET_MS)
  known.set(route, series)
  return series
}

/** Says a route before it is asked for: its series exist from boot, with every answer it promises. */
export const declareRoute = (
  route: string,
  { method, targetMs = TARGET_MS, statuses }: Declared,
) => {
  // All methods of a route share its series: the one that may take longest decides what is slow.
  targets.set(route, Math.max(targetMs, targets.get(route) ?? 0))
  known.set(route, open(route, targets.get(route)!))
  for (const status of [...statuses, 499]) metrics.httpRequests.of(method, route, String(status))
  metrics.httpDuration.of(method, route, '2xx')
  metrics.httpInFlight.set(route, metrics.httpInFlight.get(route) ?? 0)
}

type Declared = { method: string; targetMs?: number | undefined; statuses: number[] }

const open = (route: string, targetMs: number) => {
  const spent = ['0', '1'].map((slow) => {
    const sums = phases.map((phase) => [phase, metrics.httpPhases.of(route, phase, slow)] as const)
    return Object.fromEntries(sums) as Record<Phase, Sum>
  })
  const loop = metrics.loopSeconds.of(route)
  const available = objective(route, 'availability')
  const fast = objective(route, 'latency')
  metrics.routeTarget.set({ route }, targetMs / 1000)

  const answers = new Map<string, ReturnType<typeof seriesOf>>()
  const seriesOf = (method: string, status: number) => ({
    requests: metrics.httpRequests.of(method, route, String(status)),
    duration: metrics.httpDuration.of(method, route, `${Math.floor(status / 100)}xx`),
  })
  const answeredBy = (method: string, status: number) => {
    const key = method + status
    const series = answers.get(key) ?? seriesOf(method, status)
    answers.set(key, series)
    return series
  }

  const record = (ledger: Ledger, { method, status, wasStream, exemplar }: Answered) => {
    const { requests, duration } = answeredBy(method, status)
    requests.add(1)
    loop.add(ledger.ran / 1000)
    let total = 0
    for (const phase of phases) total += ledger.spent[phase]
    // A stream lasts as long as somebody looks at it: that is no latency.
    if (wasStream) return { total, isSlow: false }
    const isSlow = total > targetMs
    const ofKind = spent[Number(isSlow)]!
    for (const phase of phases) ofKind[phase].add(ledger.spent[phase] / 1000)

    const seconds = (total - ledger.spent.queue) / 1000
    duration.observe(seconds, isSlow ? exemplar : undefined)

    // A failure counts once, as one: how soon it failed is no latency.
    available(status < 500)
    if (status < 500) fast(!isSlow)
    return { total, isSlow }
  }
  return { record }
}

const objective = (route: string, name: string) => {
  const all = metrics.sli.of(route, name)
  const good = metrics.sliGood.of(route, name)
  return (isGood: boolean) => {
    all.add(1)
    if (isGood) good.add(1)
  }
}
