import { graph, words } from './panels.ts'
import { api, ours } from './select.ts'

const route = 'route=~"$route"'
const requests = `sum by (route) ${api('http_requests_total', route)}`

const phase = `sum by (phase) ${api('http_request_phase_seconds_total', route)}`
const slowPhase = `sum by (phase) ${api('http_request_phase_seconds_total', `${route},slow="1"`)}`

export const whereTimeGoes = [
  graph({
    title: 'Mean time of a request, by phase',
    why: 'Where the time goes; the height is the mean latency. The phase that grows is where to look.',
    unit: 's',
    width: 9,
    stacked: 'amounts',
    queries: [
      { expr: `${phase} / scalar(sum(${api('http_requests_total', route)}))`, legend: '{{phase}}' },
    ],
  }),
  graph({
    title: 'Of slow requests: share by phase',
    why: 'What makes the slow ones slow. Quantiles do not add up; this does.',
    unit: 'percentunit',
    width: 9,
    stacked: 'amounts',
    max: 1,
    nothing: 'No slow request',
    queries: [
      {
        expr: `${slowPhase} / scalar(sum(${api('http_request_phase_seconds_total', `${route},slow="1"`)}) > 0)`,
        legend: '{{phase}}',
      },
    ],
  }),
  words({
    title: 'The tallest phase says what to do',
    why: 'How to read the two graphs beside it.',
    width: 6,
    markdown: [
      '**db** – the statement below at the top: `explain`, an index, fewer rows; or it waits for a lock (Database).',
      '**pool** – who holds connections (Database); a slow statement, a transaction that waits, or a pool that is too small.',
      '**external** – the partner: shorten the time-out, do it later.',
      '**loop**, **queue** – somebody else keeps the event loop busy: the graph at the bottom left says who.',
      '**app** – its own code: profile it.',
    ].join('\n\n'),
  }),
]

const perRequest = (metric: string) =>
  `sum by (route, query) ${api(metric, route)} / on (route) group_left () (${requests} > 0)`

export const throughStatements = [
  graph({
    title: 'Statements: time in each request',
    why: 'Which statement costs most. Its name is its place in the code: grep for it.',
    unit: 's',
    width: 8,
    stacked: 'amounts',
    queries: [{ expr: `topk(10, ${perRequest('db_query_seconds_total')})`, legend: '{{query}}' }],
  }),
  graph({
    title: 'Statements: calls in each request',
    why: 'Over 10 is a loop around a query (N+1): ask once for all.',
    width: 8,
    limits: [[10, 'red']],
    queries: [{ expr: `topk(10, ${perRequest('db_queries_total')})`, legend: '{{query}}' }],
  }),
  graph({
    title: 'Statements: rows in each call',
    why: 'A result without end costs memory, time on the wire and time in the event loop.',
    width: 8,
    queries: [
      {
        expr: `topk(10, sum by (query) ${api('db_rows_total')} / (sum by (query) ${api('db_queries_total')} > 0) and on (query) sum by (query) (db_queries_total{job="api",${route}}))`,
        legend: '{{query}}',
      },
    ],
  }),
]

export const byOthers = [
  graph({
    title: 'Who keeps the event loop busy (all routes)',
    why: 'Seconds of code a second, by route. One that comes near 1 stops everybody else.',
    unit: 's',
    width: 8,
    limits: [[0.7, 'red']],
    queries: [
      {
        expr: `topk(5, sum by (route) ${api('nodejs_eventloop_run_seconds_total')})`,
        legend: '{{route}}',
      },
    ],
  }),
  graph({
    title: 'Connections and event loop in use',
    why: 'What all routes share, by process. Over 90 % everybody waits.',
    unit: 'percentunit',
    width: 8,
    max: 1,
    limits: [[0.9, 'red']],
    queries: [
      {
        expr: `sum by (instance) ${api('db_pool_checkout_seconds_total')} / sum by (instance) (db_pool_max_connections{job="api"})`,
        legend: 'connections {{instance}}',
      },
      {
        expr: `sum by (instance) ${api('nodejs_eventloop_active_seconds_total')} / (sum by (instance) ${api('nodejs_eventloop_active_seconds_total')} + sum by (instance) ${api('nodejs_eventloop_idle_seconds_total')})`,
        legend: 'event loop {{instance}}',
      },
    ],
  }),
  graph({
    title: 'Partners: time in each request',
    why: 'Which partner this route waits for, and for how long.',
    unit: 's',
    width: 8,
    nothing: 'It calls no partner',
    queries: [
      {
        expr: `sum by (route, peer) ${ours('external_request_seconds_total', route)} / on (route) group_left () (${requests} > 0)`,
        legend: '{{peer}}',
      },
    ],
  }),
]
