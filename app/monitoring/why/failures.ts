import { EVERY_ROUTE, each, every, rate, renamed, select } from './rule.ts'
import type { Rule } from './rule.ts'

/** Of the calls to a partner. */
const PEER_SHARE = 0.2
/** Of what V8 may take, even after it has collected. */
const HEAP_SHARE = 0.7

const { api, ours } = select
const failing = 'why:failing_route:ratio'

/** Why routes answer 5xx, which partner fails, and whose memory runs out. */
export const failures = (window: string): Rule[] => [
  failure(
    'failing_release',
    `(${failing} and on (route) why:failing_release:ratio) ${every('version', 'why:newest:info')}`,
    'version',
  ),
  failure('failing_partner', peers(window), 'peer'),
  failure('failing_statement', `${failing} ${each('broken', broken(window))}`, 'broken'),
  {
    record: 'why:blame',
    labels: {
      kind: 'pool_timeout',
      symptom: 'errors',
      phase: 'errors',
      culprit: 'connection pool',
    },
    expr: `max by (route) (${failing} and on () sum(rate(db_pool_timeouts_total${api}[${window}])) > 0)`,
  },
  failure('own_errors', failing, 'route'),
  {
    record: 'why:blame',
    labels: { kind: 'memory', symptom: 'memory', phase: 'memory', route: EVERY_ROUTE },
    expr: `max by (culprit) (${renamed(heap(window), 'instance', 'culprit')})`,
  },
]

const failure = (kind: string, found: string, as: string): Rule => ({
  record: 'why:blame',
  labels: { kind, symptom: 'errors', phase: 'errors' },
  expr: `max by (route, culprit) (${renamed(found, as, 'culprit')})`,
})

/** A partner that fails is named before anybody answers 5xx: passengers see it as "processing". */
const peers = (window: string) => {
  const counted = (labels: string) =>
    rate('external_request_duration_seconds_count', 'peer', window, `{job=~"api|worker"${labels}}`)
  const failed = `${counted(',outcome=~"timeout|error|failed|5.."')} / (${counted('')} > 0) > ${PEER_SHARE}`
  const callers = rate('external_request_seconds_total', 'route, peer', window, ours)
  return `topk by (route) (1, (${callers} > 0) ^ 0 * on (peer) group_left () (${failed}))`
}

const broken = (window: string) => {
  const states = `topk by (query) (1, ${rate('db_query_errors_total', 'query, code', window)} > 0)`
  const named = `label_join(${states}, "broken", " SQLSTATE ", "query", "code")`
  const callers = rate('db_queries_total', 'route, query', window)
  return `topk by (route) (1, (${callers} > 0) * on (query) group_left (broken) (${named}))`
}

const heap = (window: string) =>
  `max by (instance) (min_over_time(nodejs_heap_size_used_bytes${ours}[${window}])) / on (instance) max by (instance) (nodejs_heap_limit_bytes${ours}) > ${HEAP_SHARE}`
