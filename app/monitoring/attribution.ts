import { EVERY_ROUTE, perCall, rate, select } from './why/rule.ts'
import type { Span } from './why/rule.ts'
import { kinds, whyRules } from './why/rules.ts'
import type { Kind } from './why/rules.ts'

/*
 * "Why is it slow?", for the Overview's table, for alerts and for `npm run diagnose` alike.
 *
 * The logic is in recording rules (why/), so that all three read one verdict:
 *   why:verdict{route, symptom="slow|errors|memory", phase, kind, culprit} = share
 * share: of the time of slow requests that the phase explains, of requests that fail, of the heap.
 * Healthy routes have no series. A Prometheus must load `whyGroup(span)`; ours does, and a test with a
 * scrape every 2 s takes { window: '20s', seconds: 20 }.
 *
 *   const queries = evidenceFor(span)                  PromQL by name, each an instant query
 *   const verdicts = verdictsFrom(answers)             answers: the same names, with what came back
 *
 * verdictsFrom is pure; it comes back worst first, and empty when all is well. `why` is one sentence.
 * Scrapes need job="api" and job="worker". Read besides D1 of observability.md, where they exist:
 *   db_lock_waiters{query, holder}   sessions that wait for a lock, by statement and by who holds it
 *   log_write_seconds_total          the main thread's time in writing log lines
 *   nodejs_heap_limit_bytes          what V8 may take
 */

export const PRODUCTION: Span = { window: '1m', seconds: 60 }

export const whyGroup = (span: Span, interval = '10s') => ({
  name: 'why',
  interval,
  rules: whyRules(span),
})

export const evidenceFor = ({ window }: Span) => ({
  verdicts: 'why:verdict',
  requests: 'why:requests:rate',
  p95: 'why:p95:seconds',
  errors: 'why:errors:ratio',
  slow: 'why:slow:ratio',
  targets: `max by (route) (http_route_target_seconds${select.api})`,
  statements: perCall(window),
  calls: `${rate('db_queries_total', 'route, query', window)} / on (route) group_left () why:requests:rate`,
  pool: `max(sum by (instance) (rate(db_pool_checkout_seconds_total${select.api}[${window}])) / on (instance) sum by (instance) (db_pool_max_connections${select.api}))`,
  blockers: rate('nodejs_eventloop_run_seconds_total', 'route', window),
  peers: `${rate('external_request_seconds_total', 'peer', window, select.ours)} / (${rate('external_request_duration_seconds_count', 'peer', window, select.ours)} > 0)`,
})

export type Sample = { metric: Record<string, string>; value: number }
export type Answers = Record<keyof ReturnType<typeof evidenceFor>, Sample[]>

export type Verdict = {
  route: string
  symptom: 'slow' | 'errors' | 'memory'
  /** queue is told as loop. */
  phase: 'pool' | 'db' | 'external' | 'loop' | 'app' | 'errors' | 'memory'
  kind: Kind
  /** A statement, partner, route, version or instance, as it is named in metrics. */
  culprit: string
  /** 0 to 1. */
  share: number
  requestsPerSecond: number
  p95Seconds: number
  targetSeconds: number
  errorShare: number
  why: string
}

export const verdictsFrom = (answers: Answers): Verdict[] =>
  answers.verdicts
    .map(({ metric, value }) => verdictOf(answers, metric, value))
    .toSorted((a, b) => badness(b) - badness(a))

// By how much it misses its target, weighed by how many suffer it.
const badness = ({ symptom, errorShare, p95Seconds, targetSeconds, ...verdict }: Verdict) => {
  const excess = symptom === 'errors' ? errorShare * 20 : p95Seconds / (targetSeconds || 1)
  return (excess || 0) * Math.max(verdict.requestsPerSecond, 0.01)
}

const verdictOf = (answers: Answers, labels: Record<string, string>, share: number): Verdict => {
  const { route = EVERY_ROUTE, culprit = '', kind = 'own' } = labels
  const known = kinds.find((each) => each === kind) ?? 'own'
  const ofRoute = (samples: Sample[]) => valueOf(samples, { route })
  return {
    route,
    symptom: labels.symptom as Verdict['symptom'],
    phase: labels.phase as Verdict['phase'],
    kind: known,
    culprit,
    share,
    requestsPerSecond: ofRoute(answers.requests),
    p95Seconds: ofRoute(answers.p95),
    targetSeconds: ofRoute(answers.targets),
    errorShare: ofRoute(answers.errors),
    why: reasons[known](culprit, share, answers, route),
  }
}

const valueOf = (samples: Sample[], labels: Record<string, string>) => {
  const fits = (metric: Record<string, string>) =>
    Object.entries(labels).every(([label, value]) => metric[label] === value)
  return samples.find(({ metric }) => fits(metric))?.value ?? 0
}

type Reason = (culprit: string, share: number, answers: Answers, route: string) => string

const percent = (share: number) => `${Math.round(share * 100)} %`
const seconds = (value: number) =>
  value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`

const meanOf = (answers: Answers, query: string) => seconds(valueOf(answers.statements, { query }))

const reasons: Record<Kind, Reason> = {
  release: (version, share) =>
    `version ${version} takes more than twice as long as the one before (${percent(share)} of the time in one phase)`,
  failing_release: (version) => `version ${version} fails where the one before did not`,
  repeated: (query, _share, answers, route) =>
    `statement ${query} is sent ${Math.round(valueOf(answers.calls, { route, query }))} times in each request (N+1)`,
  lock: (holder, share) =>
    `statements wait for a row lock that ${holder} holds (${percent(share)} of the slow time)`,
  idle_transaction: (holder, share) =>
    `${holder} keeps a transaction open while it does something else; statements wait for its locks (${percent(share)} of the slow time)`,
  lock_timeout: (query) => `statement ${query} waits for a lock until it gives up`,
  garbage: () => 'the process spends its time collecting garbage: memory grows or is churned',
  logging: () => 'the process spends its time writing log lines',
  statement: (query, share, answers) =>
    `statement ${query} takes ${meanOf(answers, query)} a call (${percent(share)} of the slow time)`,
  holder: (holder, share) =>
    `${holder} keeps connections without using them; others wait (${percent(share)} of the slow time)`,
  pool: (_culprit, share, answers) =>
    `requests wait for a connection (${percent(share)} of the slow time), the pool is ${percent(answers.pool[0]?.value ?? 0)} busy and the statements are fast: it is too small`,
  partner: (peer, share, answers) =>
    `partner ${peer} takes ${seconds(valueOf(answers.peers, { peer }))} a call (${percent(share)} of the slow time)`,
  blocker: (route, share, answers) =>
    `the event loop is busy with ${route}, which runs ${valueOf(answers.blockers, { route }).toFixed(2)} s of code a second (${percent(share)} of the slow time is waiting for it)`,
  starved: () => 'the process does not get the processor when it is ready to run',
  busy: (route, _share, answers) =>
    `the event loop is busy with all that is asked of it, with ${route} most of all (${valueOf(answers.blockers, { route }).toFixed(2)} s a second)`,
  own: (_route, share) => `its own code (${percent(share)} of the slow time)`,
  failing_partner: (peer, share) => `${percent(share)} of the calls to partner ${peer} fail`,
  failing_statement: (broken) => `a statement fails: ${broken}`,
  pool_timeout: () => 'requests get no connection in time',
  own_errors: (_route, share) => `its own code fails (${percent(share)} of its requests)`,
  memory: (instance, share) => `the heap of ${instance} is ${percent(share)} full after collecting`,
}
