import { dashboard } from './house.ts'
import { listing, wide } from './listing.ts'
import { server } from './database-server.ts'
import { graph } from './panels.ts'
import { gauge, orZero, ours } from './select.ts'

const perCall = (by: string) =>
  `sum by (${by}) ${ours('db_query_seconds_total')} / (sum by (${by}) ${ours('db_queries_total')} > 0)`

const limits = [
  graph({
    title: 'Connections of our pools in use',
    why: 'Connections that are taken, on average over each interval (an integral, not a glance), by process. At 100 % the next request waits.',
    unit: 'percentunit',
    width: 8,
    max: 1,
    limits: [[0.9, 'red']],
    queries: [
      {
        expr: `sum by (instance) ${ours('db_pool_checkout_seconds_total')} / sum by (instance) ${gauge('db_pool_max_connections')}`,
        legend: '{{instance}}',
      },
    ],
  }),
  graph({
    title: 'Who holds our connections',
    why: 'By route and job. A route that holds many and asks little waits for something else meanwhile.',
    width: 8,
    stacked: 'amounts',
    queries: [
      {
        expr: `topk(10, sum by (route) ${ours('db_pool_checkout_seconds_total')} > 0)`,
        legend: '{{route}}',
      },
    ],
  }),
  graph({
    title: 'Waiting for a connection',
    why: '95 % got one within this time; how many wait right now; how many gave up.',
    unit: 's',
    width: 8,
    queries: [
      {
        expr: `histogram_quantile(0.95, sum by (le) ${ours('db_pool_wait_seconds_bucket')})`,
        legend: 'p95',
      },
      { expr: orZero(`sum ${ours('db_pool_timeouts_total')}`), legend: 'gave up, a second' },
    ],
  }),
  graph({
    title: 'Connections of PostgreSQL, by state',
    why: 'All that are open, against what it allows. "idle in transaction" holds locks and does nothing.',
    width: 8,
    stacked: 'amounts',
    dashed: 'allowed',
    queries: [
      { expr: 'sum by (state) (pg_stat_activity_count{job="postgres"})', legend: '{{state}}' },
      { expr: 'max(pg_settings_max_connections{job="postgres"})', legend: 'allowed' },
    ],
  }),
  graph({
    title: 'Who waits for a lock, and who holds it',
    why: 'Sessions that wait, by statement and by who is in their way. Healthy: none.',
    width: 8,
    nothing: 'Nobody waits',
    queries: [
      {
        expr: orZero('max by (query, holder) (db_lock_waiters > 0)'),
        legend: '{{query}} waits for {{holder}}',
      },
    ],
  }),
  graph({
    title: 'Longest transaction',
    why: 'By state. Over a minute: its locks stay, and vacuum cannot clean up after anybody.',
    unit: 's',
    width: 8,
    limits: [[60, 'red']],
    queries: [
      {
        expr: 'max by (state) (pg_stat_activity_max_tx_duration{job="postgres",state!="idle"})',
        legend: '{{state}}',
      },
    ],
  }),
]

const statements = [
  graph({
    title: 'Statements by time',
    why: 'Seconds a second that statements take, as the application waits for them. The tallest is what to make faster first.',
    unit: 's',
    stacked: 'amounts',
    queries: [
      {
        expr: `topk(10, sum by (query) ${ours('db_query_seconds_total')} > 0)`,
        legend: '{{query}}',
      },
    ],
  }),
  graph({
    title: 'Slowest statements, mean of a call',
    why: 'Slow by itself, however seldom. A step upwards: a plan has changed, or an index is gone.',
    unit: 's',
    queries: [{ expr: `topk(10, ${perCall('query')})`, legend: '{{query}}' }],
  }),
  listing({
    title: 'Statements and who asks them',
    why: 'The same as a table, by route. Many calls and little time each: a loop around a query.',
    width: 14,
    sortedBy: 'Time',
    queries: [
      {
        expr: `topk(30, sum by (route, query) ${ours('db_query_seconds_total')} > 0)`,
        asTable: true,
      },
      {
        expr: `sum by (route, query) ${ours('db_queries_total')} and topk(30, sum by (route, query) ${ours('db_query_seconds_total')} > 0)`,
        asTable: true,
      },
      {
        expr: `${perCall('route, query')} and topk(30, sum by (route, query) ${ours('db_query_seconds_total')} > 0)`,
        asTable: true,
      },
    ],
    columns: [
      { field: 'query', as: 'Statement' },
      { field: 'route', as: 'Asked by' },
      { field: 'Value #A', as: 'Time', unit: 's', properties: wide(90) },
      { field: 'Value #B', as: 'Calls/s', unit: 'cps', properties: wide(90) },
      { field: 'Value #C', as: 'Mean', unit: 's', properties: wide(90) },
    ],
  }),
  graph({
    title: 'Statements that fail, by SQLSTATE',
    why: '23 breaks a rule, 40 lost a race, 42 does not fit the schema, 53 and 57 the server itself, 55 gave up on a lock.',
    unit: 'cps',
    width: 10,
    queries: [
      {
        expr: orZero(`sum by (query, code) ${ours('db_query_errors_total')} > 0`),
        legend: '{{query}} {{code}}',
      },
    ],
  }),
]

export const database = dashboard({
  name: 'database',
  title: 'Database',
  question: 'Is PostgreSQL the limit, and through which statement?',
  rows: [
    { title: 'Is there a way in?', panels: limits },
    { title: 'Through which statement?', panels: statements },
    { title: 'Is the server well?', panels: server },
  ],
})
