import { each, every, perCall, rate, renamed, select } from './rule.ts'
import type { Rule } from './rule.ts'

/** More calls of one statement than this in a request, on average, is a loop around a query. */
const CALLS_MAX = 10
/** Above this mean a statement is slow by itself, and not merely the busiest. */
const STATEMENT_SECONDS = 0.05
/** Of the time of a process; beyond it, collecting garbage or writing logs is what it does. */
const HOUSEKEEPING_SHARE = 0.15
/** Connections idle in a transaction: on average over the window, and for so long by each request. */
const HELD_CONNECTIONS = 0.3
const HELD_SECONDS = 0.25
/** Of the time for which connections are taken: by one slow statement, or idle by one route. */
const SLOW_STATEMENT_SHARE = 0.25
const HOLDER_SHARE = 0.5
/** Of what the event loop ran: a route with more of it than this blocks the others. */
const BLOCKER_SHARE = 0.4
/** Of the time in which the event loop runs, without a processor: somebody else has it. */
const STARVED_SHARE = 0.4

const { api, ours, apiWith } = select

/** Why slow routes are slow: one rule a kind of cause, each with the share of the time it explains. */
export const blames = (window: string): Rule[] => [
  blame(
    'release',
    `(${dominant('.+')} and on (route) why:slower_release:ratio) ${newest}`,
    'version',
  ),
  blame('repeated', `${dominant('db|pool|loop|app')} ${each('query', repeated(window))}`, 'query'),
  ...locks(window),
  housekeeping('garbage', 'garbage collection', 'nodejs_gc_seconds_total', window),
  housekeeping('logging', 'log writing', 'log_write_seconds_total', window),
  statement(window),
  ...pool(window),
  blame(
    'partner',
    `${dominant('external')} ${each('peer', longest('external_request_seconds_total', 'peer', window))}`,
    'peer',
  ),
  blame('blocker', `${dominant('loop')} ${every('blocker', blocker(window))}`, 'blocker'),
  starved(window),
  blame('busy', `${dominant('loop')} ${every('busiest', busiest(window))}`, 'busiest'),
  blame('own', dominant('app'), 'route'),
]

/** `found` has the name of the culprit in its label `as`. */
const blame = (kind: string, found: string, as: string): Rule => ({
  record: 'why:blame',
  labels: { kind, symptom: 'slow' },
  expr: `max by (route, phase, culprit) (${renamed(found, as, 'culprit')})`,
})

const newest = every('version', 'why:newest:info')

const dominant = (phases: string) => `why:dominant:ratio{phase=~"${phases}"}`

const longest = (metric: string, label: string, window: string) =>
  `topk by (route) (1, ${rate(metric, `route, ${label}`, window)} > 0)`

const repeated = (window: string) =>
  `topk by (route) (1, ${rate('db_queries_total', 'route, query', window)} / on (route) group_left () why:requests:rate > ${CALLS_MAX})`

const loop = (what: string, window: string) =>
  `sum(rate(nodejs_eventloop_${what}_seconds_total${api}[${window}]))`

const ran = (window: string) => rate('nodejs_eventloop_run_seconds_total', 'route', window)

const blocker = (window: string) =>
  renamed(
    `topk(1, ${ran(window)} > ${BLOCKER_SHARE} * scalar(${loop('active', window)}))`,
    'route',
    'blocker',
  )

const busiest = (window: string) => renamed(`topk(1, ${ran(window)} > 0)`, 'route', 'busiest')

/** It was ready to run and did not: a neighbour, or a limit, took the processor. */
const starved = (window: string): Rule => {
  const active = loop('active', window)
  const without = `(${active} - ${loop('cpu', window)}) / ${active} > ${STARVED_SHARE}`
  return {
    record: 'why:blame',
    labels: { kind: 'starved', symptom: 'slow', culprit: 'processor' },
    expr: `max by (route, phase) (${dominant('loop|app')} and on () (${without}) unless on () (${blocker(window)}))`,
  }
}

const housekeeping = (kind: string, culprit: string, metric: string, window: string): Rule => ({
  record: 'why:blame',
  labels: { kind, symptom: 'slow', culprit },
  expr: `max by (route, phase) (${dominant('loop|app')} and on () max(${rate(metric, 'instance', window)}) > ${HOUSEKEEPING_SHARE})`,
})

/** Seconds for which connections were taken while no statement ran on them: API and worker alike. */
const idleHeld = (window: string) =>
  `(${rate('db_pool_checkout_seconds_total', 'route', window, ours)} - on (route) ${rate('db_query_seconds_total', 'route', window, ours)})`

/** Who holds a lock PostgreSQL knows; where nobody asked it, idle transactions give it away. */
const locks = (window: string): Rule[] => {
  const told = `topk(1, max by (query, holder) (max_over_time(db_lock_waiters[${window}])) > 0)`
  const statement = longest('db_query_seconds_total', 'query', window)
  const waited = `(${dominant('db')} and on (route) (${statement} and on (query) ${perCall(window)} > ${STATEMENT_SECONDS}))`
  const held = idleHeld(window)
  const idle = `topk(1, ${held} > ${HELD_CONNECTIONS} unless on (route) ${held} / on (route) why:requests:rate < ${HELD_SECONDS})`
  const gaveUp = `${rate('db_queries_total', 'route, query', window)} * on (query) group_left () (${rate('db_query_errors_total', 'query', window, apiWith('code="55"'))} > 0)`
  return [
    blame('lock', `${dominant('db|pool')} ${every('holder', told)}`, 'holder'),
    blame(
      'idle_transaction',
      `${waited} ${every('holder', renamed(idle, 'route', 'holder'))}`,
      'holder',
    ),
    blame(
      'lock_timeout',
      `${dominant('db')} ${each('query', `topk by (route) (1, ${gaveUp} > 0)`)}`,
      'query',
    ),
  ]
}

const shareOfPool = (held: string, window: string, least: number) =>
  `${held} / scalar(sum(rate(db_pool_checkout_seconds_total${api}[${window}]))) > ${least}`

/** The slow statement of a route, or, for those that wait for a connection, of those that have one. */
const statement = (window: string) => {
  const own = `${dominant('db')} ${each('query', longest('db_query_seconds_total', 'query', window))}`
  const heaviest = `topk(1, ${shareOfPool(rate('db_query_seconds_total', 'query', window), window, SLOW_STATEMENT_SHARE)} and on (query) ${perCall(window)} > ${STATEMENT_SECONDS})`
  return blame('statement', `(${own} or ${dominant('pool')} ${every('query', heaviest)})`, 'query')
}

const pool = (window: string): Rule[] => {
  const held = idleHeld(window)
  const holder = `topk(1, ${shareOfPool(held, window, HOLDER_SHARE)} and on (route) ${held} / on (route) why:requests:rate > ${STATEMENT_SECONDS})`
  return [
    blame(
      'holder',
      `${dominant('pool')} ${every('holder', renamed(holder, 'route', 'holder'))}`,
      'holder',
    ),
    {
      record: 'why:blame',
      labels: { kind: 'pool', symptom: 'slow', culprit: 'connection pool' },
      expr: `max by (route, phase) (${dominant('pool')})`,
    },
  ]
}
