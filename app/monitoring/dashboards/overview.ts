import { dashboard } from './house.ts'
import { listing, wide } from './listing.ts'
import { bars, figure, graph } from './panels.ts'
import { api, orZero, quantile } from './select.ts'
import { whyTable } from './why-table.ts'

const budget = figure({
  title: 'Error budget left, 28 days',
  why: 'How much of the failures that the objectives allow in 28 days is left. Below a quarter: release less, mend more. Always 28 days, whatever time is chosen above.',
  unit: 'percentunit',
  width: 8,
  base: 'red',
  steps: [
    [0, 'orange'],
    [0.25, 'green'],
  ],
  queries: [{ expr: 'slo:budget_left:ratio28d', legend: '{{slo}}' }],
})

const burn = figure({
  title: 'Burn rate, 1 hour',
  why: 'How many times too fast the budget burns. 1 lasts exactly the 28 days; at 14.4 somebody is paged.',
  width: 6,
  decimals: 1,
  base: 'green',
  steps: [
    [1, 'yellow'],
    [6, 'orange'],
    [14.4, 'red'],
  ],
  queries: [
    {
      expr: 'slo:sli_error:ratio_rate1h / on (slo) (1 - slo:objective:ratio)',
      legend: '{{slo}}',
    },
  ],
})

const oversold = figure({
  title: 'Seats oversold',
  why: 'Seats with two passengers. Must be 0; anything else stops sales.',
  width: 3,
  base: 'green',
  steps: [[1, 'red']],
  queries: [{ expr: 'max(aeroflash_seats_oversold)', legend: 'oversold' }],
})

const headroom = figure({
  title: 'Headroom',
  why: 'How many times the present load fits until the first of connections, event loop and processor is full. Latency grows well before: below 1.5 act.',
  width: 3,
  decimals: 1,
  base: 'red',
  steps: [
    [1.1, 'orange'],
    [1.5, 'green'],
  ],
  queries: [
    { expr: 'app:headroom:rps / sum(rate(http_requests_total{job="api"}[5m]))', legend: 'times' },
  ],
})

const firing = listing({
  title: 'Alerts',
  why: 'What is being told to somebody now. A name leads to app/monitoring/runbooks.',
  width: 4,
  height: 4,
  nothing: 'Nothing fires',
  queries: [
    {
      expr: 'sum by (alertname, severity) (ALERTS{alertstate="firing",severity=~"page|ticket"})',
      asTable: true,
    },
  ],
  columns: [
    { field: 'alertname', as: 'Alert' },
    { field: 'severity', as: 'For', properties: wide(60) },
  ],
})

const rate = graph({
  title: 'Requests/s',
  why: 'How much is asked of us, beside the same hour a week ago. A fall is as telling as a rise.',
  unit: 'reqps',
  width: 8,
  dashed: 'a week ago',
  queries: [
    { expr: `sum(${api('http_requests_total')})`, legend: 'now' },
    {
      expr: 'sum(rate(http_requests_total{job="api"}[$__rate_interval] offset 1w)) or 0 * sum(rate(http_requests_total{job="api"}[$__rate_interval]))',
      legend: 'a week ago',
    },
  ],
})

const failed = graph({
  title: 'Failed',
  why: 'Share of requests that were answered 5xx: the API by itself, and all that Nginx saw. Nginx above the API: requests die on the way between them.',
  unit: 'percentunit',
  width: 8,
  limits: [[0.001, 'red']],
  queries: [
    {
      expr: `${orZero(`sum(${api('http_requests_total', 'status=~"5.."')})`)} / sum(${api('http_requests_total')})`,
      legend: 'API',
    },
    {
      expr: `${orZero('sum(rate(nginx_request_duration_seconds_count{status_class="5xx"}[$__rate_interval]))')} / (sum(rate(nginx_request_duration_seconds_count[$__rate_interval])) > 0)`,
      legend: 'Nginx',
    },
  ],
})

const latency = graph({
  title: 'How long successes take',
  why: 'Half, 95 % and 99 % of the answers come within this. Failures are left out: they are often fast. A dot is a slow request; click it for its log lines.',
  unit: 's',
  width: 8,
  queries: [0.5, 0.95, 0.99].map((share) => ({
    expr: quantile(share, 'http_request_duration_seconds', 'status_class!="5xx"'),
    legend: `p${share * 100}`,
    ...(share === 0.95 && { exemplar: true as const }),
  })),
})

const first = bars({
  title: 'What runs out first',
  why: 'Everything that can be full, as a share of its limit, fullest first. Over 90 % requests queue for it.',
  max: 1,
  steps: [
    [0.7, 'orange'],
    [0.9, 'red'],
  ],
  queries: [{ expr: 'sort_desc(max by (resource) (saturation:ratio))', legend: '{{resource}}' }],
})

const untilFull = '(1 - saturation:ratio) / (deriv(saturation:ratio[30m]) > 0) < 86400'

const until = listing({
  title: 'Time until it is full',
  why: 'At the growth of the last half hour. Only what would be full within a day is listed.',
  width: 6,
  nothing: 'Nothing is filling up',
  sortedBy: 'Now',
  queries: [
    {
      expr: `max by (resource, instance) (${untilFull})`,
      asTable: true,
    },
    {
      expr: `max by (resource, instance) (saturation:ratio and ${untilFull})`,
      asTable: true,
    },
  ],
  columns: [
    { field: 'resource', as: 'Resource' },
    { field: 'instance', as: 'Of' },
    { field: 'Value #A', as: 'Full in', unit: 's' },
    { field: 'Value #B', as: 'Now', unit: 'percentunit' },
  ],
})

const room = graph({
  title: 'Load against headroom',
  why: 'Requests/s beside the rate at which the first resource would be full with this mix. When the lines meet, we are there.',
  unit: 'reqps',
  width: 6,
  dashed: 'full at',
  queries: [
    { expr: 'sum(rate(http_requests_total{job="api"}[5m]))', legend: 'now' },
    { expr: 'app:headroom:rps', legend: 'full at' },
  ],
})

export const overview = dashboard({
  name: 'overview',
  title: 'Overview',
  question: 'Are passengers fine, why not, and how long have we got?',
  rows: [
    { title: 'Are passengers fine?', panels: [budget, burn, oversold, headroom, firing] },
    { title: 'Why not?', panels: [whyTable(), rate, failed, latency] },
    { title: 'How long have we got?', panels: [first, until, room] },
  ],
})
