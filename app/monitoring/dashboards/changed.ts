import { dashboard } from './house.ts'
import { coloured, listing } from './listing.ts'
import { figure, graph } from './panels.ts'
import { api, orZero, ours } from './select.ts'

const build = 'topk by (job, instance) (1, app_build_info{job="api",version=~"$version"})'
const byVersion = (metric: string, labels = '', by = '') =>
  `sum by (version${by}) (rate(${metric}{job="api"${labels}}[$__rate_interval]) * on (job, instance) group_left (version) ${build})`

const verdicts = [
  figure({
    title: 'Verdict',
    why: 'What the alerts say: did failures begin with a version, without one, or are there none? Alerts wait for three minutes.',
    width: 8,
    height: 5,
    base: 'green',
    nothing: 'No spike',
    queries: [
      {
        expr: 'count by (alertname) (ALERTS{alertname=~"DeployRegression|ErrorSpikeWithoutDeploy"})',
        legend: '{{alertname}}',
      },
    ],
  }),
  figure({
    title: 'Versions of the last half hour',
    why: 'Versions that run now and did not half an hour ago. None: nothing was released.',
    width: 8,
    height: 5,
    nothing: 'Nothing was released',
    queries: [{ expr: 'app:version_new:bool', legend: '{{version}}' }],
  }),
  figure({
    title: 'Traffic against a week ago',
    why: 'How many times the requests of the same time a week ago. Far from 1: look at load before code.',
    width: 8,
    height: 5,
    decimals: 1,
    nothing: 'No week yet',
    queries: [
      {
        expr: 'sum(rate(http_requests_total{job="api"}[5m])) / (sum(rate(http_requests_total{job="api"}[5m] offset 1w)) > 0)',
        legend: 'times',
      },
    ],
  }),
]

const versions = [
  graph({
    title: 'Failed, by version',
    why: 'Share of the answers of each version that are 5xx. One line above the other: it is the release.',
    unit: 'percentunit',
    width: 8,
    queries: [
      {
        expr: `(${byVersion('http_requests_total', ',status=~"5.."')} or 0 * ${byVersion('http_requests_total')}) / (${byVersion('http_requests_total')} > 0)`,
        legend: '{{version}}',
      },
    ],
  }),
  graph({
    title: 'p95, by version',
    why: 'Is the new one slower? Compare it at the same load.',
    unit: 's',
    width: 8,
    queries: [
      {
        expr: `histogram_quantile(0.95, ${byVersion('http_request_duration_seconds_bucket', '', ', le')})`,
        legend: '{{version}}',
      },
    ],
  }),
  graph({
    title: 'Requests/s, by version',
    why: 'Who answers how much: where the switch was.',
    unit: 'reqps',
    width: 8,
    stacked: 'amounts',
    queries: [{ expr: byVersion('http_requests_total'), legend: '{{version}}' }],
  }),
]

const hour = (shift = '') =>
  `sum by (route, status) (increase(http_requests_total{job="api",status=~"4..|5.."}[1h]${shift}))`

const failures = [
  listing({
    title: 'Refusals and failures: this hour and the one before',
    why: 'By endpoint and status, what has grown most first. New among them: what changed.',
    width: 12,
    height: 9,
    sortedBy: 'More',
    queries: [
      { expr: `${hour()} > 0`, asTable: true },
      { expr: `${hour(' offset 1h')} and ${hour()} > 0 or 0 * ${hour()} > -1`, asTable: true },
      { expr: `${hour()} - (${hour(' offset 1h')} or 0 * ${hour()}) > -1e9`, asTable: true },
    ],
    columns: [
      { field: 'route', as: 'Endpoint' },
      { field: 'status', as: 'Status' },
      { field: 'Value #A', as: 'This hour', unit: 'short' },
      { field: 'Value #B', as: 'Before', unit: 'short' },
      { field: 'Value #C', as: 'More', unit: 'short', properties: coloured([[10, 'orange']]) },
    ],
  }),
  graph({
    title: 'Errors in the log, by kind',
    why: 'What the code complains of. A name that was not there before is new.',
    fromLogs: true,
    width: 12,
    height: 9,
    queries: [
      {
        expr: 'topk(10, sum by (err_type, service_name) (count_over_time({service_name=~"aeroflash-api|aeroflash-worker", level=~"error|fatal"} | json err_type="err.type" [$__auto])))',
        legend: '{{service_name}} {{err_type}}',
      },
    ],
  }),
]

const around = [
  graph({
    title: 'Partners: calls by what came of them',
    why: 'Refusals are theirs to give; timeouts and errors are not.',
    unit: 'cps',
    width: 8,
    queries: [
      {
        expr: `sum by (peer, outcome) ${ours('external_request_duration_seconds_count')}`,
        legend: '{{peer}} {{outcome}}',
      },
    ],
  }),
  graph({
    title: 'Partners: p95',
    why: 'Has one become slow?',
    unit: 's',
    width: 8,
    queries: [
      {
        expr: `histogram_quantile(0.95, sum by (le, peer) ${ours('external_request_duration_seconds_bucket')})`,
        legend: '{{peer}}',
      },
    ],
  }),
  graph({
    title: 'Failed statements, by SQLSTATE',
    why: '53 and 57: the server itself; 55: locks; 40: races; 42: a migration that did not run.',
    unit: 'cps',
    width: 8,
    queries: [
      { expr: orZero(`sum by (code) ${api('db_query_errors_total')} > 0`), legend: '{{code}}' },
    ],
  }),
  graph({
    title: 'Failures against load',
    why: 'Do failures rise with the requests (load) or by themselves (a release, a partner)?',
    width: 12,
    queries: [
      { expr: `sum ${api('http_requests_total')}`, legend: 'requests/s' },
      {
        expr: `100 * ${orZero(`sum ${api('http_requests_total', 'status=~"5.."')}`)} / sum ${api('http_requests_total')}`,
        legend: 'failed, %',
      },
    ],
  }),
  graph({
    title: 'What is full',
    why: 'Did something reach its limit at the same time?',
    unit: 'percentunit',
    width: 12,
    max: 1,
    limits: [[0.9, 'red']],
    queries: [{ expr: 'max by (resource) (saturation:ratio)', legend: '{{resource}}' }],
  }),
]

const releases = listing({
  title: 'Releases',
  why: 'What was released, by whom, and what became of it; failed ones and roll-backs too.',
  width: 24,
  fromLogs: true,
  nothing: 'No release in this time',
  queries: [{ expr: '{service_name="deploys"} | json' }],
  before: [{ id: 'extractFields', options: { source: 'labels', format: 'auto', replace: false } }],
  columns: [
    ['Time', 'When'],
    ['event', 'What'],
    ['result', 'Result'],
    ['version', 'Version'],
    ['commit', 'Commit'],
    ['by', 'By'],
  ].map(([field = '', as = '']) => ({ field, as })),
})

export const changed = dashboard({
  name: 'changed',
  title: 'What changed?',
  question: 'Is this spike the release, the load, or somebody else?',
  from: 'now-3h',
  rows: [
    { title: 'In one word', panels: verdicts },
    { title: 'Is it the release?', panels: versions },
    { title: 'What fails that did not?', panels: failures },
    { title: 'Is it something around us?', panels: around },
    { title: 'What was done?', panels: [releases] },
  ],
})
