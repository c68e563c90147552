import { choice, dashboard, linkTo } from './house.ts'
import { linked, listing, wide } from './listing.ts'
import { byOthers, throughStatements, whereTimeGoes } from './endpoint-causes.ts'
import { figure, graph, heat, logLines } from './panels.ts'
import { api, quantile } from './select.ts'

const route = 'route=~"$route"'
const requests = `sum by (route) ${api('http_requests_total', route)}`
const seconds = 'http_request_duration_seconds'

const slow = `{service_name="aeroflash-api"} | json | msg="request" | route=~"$route" | slow="true"`

const verdict = listing({
  title: 'Verdict',
  why: 'What the Overview says of this route: the phase that takes most of its slow requests, and who is to blame.',
  width: 24,
  height: 4,
  nothing: 'It keeps its target',
  queries: [{ expr: 'why:verdict{route=~"$route"}', asTable: true }],
  columns: [
    { field: 'route', as: 'Endpoint', properties: wide(330) },
    { field: 'kind', as: 'Because', properties: wide(160) },
    { field: 'culprit', as: 'Culprit' },
    { field: 'phase', as: 'Most time in', properties: wide(140) },
    { field: 'Value', as: 'Share', unit: 'percentunit', properties: wide(120) },
  ],
})

const users = [
  graph({
    title: 'How long it takes, and its target',
    why: 'Does it keep its promise? Successes only. A dot is a slow request; click it for its log lines.',
    unit: 's',
    width: 8,
    dashed: 'target',
    queries: [
      ...[0.5, 0.95, 0.99].map((share) => ({
        expr: quantile(share, seconds, `${route},status_class!="5xx"`),
        legend: `p${share * 100}`,
        ...(share === 0.95 && { exemplar: true as const }),
      })),
      { expr: `max(http_route_target_seconds{job="api",${route}})`, legend: 'target' },
    ],
  }),
  heat({
    title: 'How they spread',
    why: 'One cloud: it is slow for all. Two: some requests differ from the others; look for what they have in common in the log below.',
    width: 8,
    query: `sum by (le) ${api(`${seconds}_bucket`, route)}`,
  }),
  graph({
    title: 'Answers by status',
    why: 'What people are told. 499 are those who did not wait.',
    unit: 'reqps',
    width: 8,
    stacked: 'amounts',
    queries: [
      { expr: `sum by (status) ${api('http_requests_total', route)}`, legend: '{{status}}' },
    ],
  }),
]

const columns = [
  ['Time', 'Time'],
  ['route', 'Endpoint'],
  ['status', 'Status'],
  ['dur_ms', 'Took'],
  ['queue_ms', 'Queue'],
  ['pool_ms', 'Pool'],
  ['db_ms', 'DB'],
  ['ext_ms', 'Partner'],
  ['loop_ms', 'Loop'],
  ['app_ms', 'App'],
  ['db_n', 'Statements'],
  ['booking_reference', 'Booking'],
] as const

const found = [
  listing({
    title: 'Its slow requests',
    why: 'One line a request, with where its time went (ms). The request leads to all that was logged of it.',
    width: 24,
    height: 10,
    nothing: 'No slow request in this time',
    fromLogs: true,
    queries: [{ expr: slow }],
    before: [
      { id: 'extractFields', options: { source: 'labels', format: 'auto', replace: false } },
    ],
    columns: [
      ...columns.map(([field, as]) => ({ field, as })),
      {
        field: 'request_id',
        as: 'Request',
        properties: linked(
          linkTo('All lines of this request', 'support', 'var-request_id=${__value.raw}'),
        ),
      },
    ],
  }),
  logLines({
    title: 'Plans of slow statements (all routes)',
    why: 'What PostgreSQL did when a statement took over 250 ms. The comment /* name */ says which.',
    query: '{service_name="db"} |= "duration:" |= "plan:"',
    nothing: 'No plan of a slow statement in this time',
  }),
]

export const endpoint = dashboard({
  name: 'endpoint',
  title: 'Endpoint',
  question: 'Why is this endpoint slow?',
  variables: [
    choice('route', 'Endpoint', 'label_values(http_route_target_seconds{job="api"}, route)'),
  ],
  rows: [
    {
      title: 'What do passengers feel?',
      panels: [
        verdict,
        figure({
          title: 'Requests/s',
          why: 'Is anybody asking?',
          unit: 'reqps',
          width: 24,
          height: 3,
          queries: [{ expr: `sum(${requests})`, legend: 'now' }],
        }),
        ...users,
      ],
    },
    { title: 'Where does the time go?', panels: whereTimeGoes },
    { title: 'Through which statement?', panels: throughStatements },
    { title: 'Or is it somebody else?', panels: byOthers },
    { title: 'Which requests?', panels: found },
  ],
})
