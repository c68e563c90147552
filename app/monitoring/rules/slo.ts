import { alert } from './rule-file.ts'
import type { Alert, RuleFile } from './rule-file.ts'

/** Google's SRE workbook, chapter 5: how fast the budget of 28 days burns, seen over two windows. */
const burns = [
  { severity: 'page', long: '1h', short: '5m', factor: 14.4, for: '2m' },
  { severity: 'page', long: '6h', short: '30m', factor: 6, for: '15m' },
  { severity: 'ticket', long: '1d', short: '2h', factor: 3, for: '1h' },
  { severity: 'ticket', long: '3d', short: '6h', factor: 1, for: '3h' },
] as const

const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d']
/** With fewer requests a second than this one failure would look like a fire. */
const REQUESTS_MIN = 0.1

type Slo = {
  name: string
  objective: number
  promise: string
  total: (window: string) => string
  bad: (window: string) => string
}

const ofApi = (sli: string) => {
  const rate = (metric: string, window: string) =>
    `sum(rate(${metric}{job="api",sli="${sli}"}[${window}]))`
  return {
    total: (window: string) => rate('app_sli_total', window),
    bad: (window: string) =>
      `clamp_min(${rate('app_sli_total', window)} - ${rate('app_sli_good_total', window)}, 0)`,
  }
}

const edge = (window: string, labels = '') =>
  `sum(rate(nginx_request_duration_seconds_count{route_class!~"site|assets"${labels}}[${window}]))`

export const slos: Slo[] = [
  {
    name: 'availability',
    objective: 0.999,
    promise: 'of what the API is asked, 99.9 % is not answered 5xx',
    ...ofApi('availability'),
  },
  {
    name: 'latency',
    objective: 0.99,
    promise: 'of what the API answers, 99 % comes within the target of its route',
    ...ofApi('latency'),
  },
  {
    name: 'edge',
    objective: 0.999,
    promise: 'of what reaches Nginx for the API, 99.9 % is not answered 5xx, whoever is to blame',
    total: (window) => edge(window),
    bad: (window) => `(${edge(window, ',status_class="5xx"')} or vector(0))`,
  },
]

const budgetOf = ({ objective }: Slo) => Number((1 - objective).toFixed(6))

/** Short windows from what was scraped; long ones from what was recorded, or they would read millions. */
const shares = (slo: Slo, labels: { slo: string }) =>
  windows.map((window) => {
    const over = (metric: string) => `sum_over_time(${metric}{slo="${slo.name}"}[${window}])`
    const isShort = window.endsWith('m')
    const bad = isShort ? slo.bad(window) : over('slo:sli_bad:rate5m')
    const total = isShort ? slo.total(window) : over('slo:sli_requests:rate5m')
    return { record: `slo:sli_error:ratio_rate${window}`, labels, expr: `${bad} / (${total} > 0)` }
  })

const recording = (slo: Slo) => {
  const labels = { slo: slo.name }
  return [
    { record: 'slo:sli_bad:rate5m', labels, expr: `${slo.bad('5m')} and ${slo.total('5m')}` },
    { record: 'slo:sli_requests:rate5m', labels, expr: slo.total('5m') },
    { record: 'slo:objective:ratio', labels, expr: `vector(${slo.objective})` },
    ...shares(slo, labels),
    ...burns.map(({ long }) => ({
      record: `slo:sli_requests:rate${long}`,
      labels,
      expr: `avg_over_time(slo:sli_requests:rate5m{slo="${slo.name}"}[${long}])`,
    })),
  ]
}

const burnAlerts = (slo: Slo): Alert[] =>
  burns.map(({ severity, long, short, factor, ...burn }) => {
    const over = (window: string) =>
      `slo:sli_error:ratio_rate${window}{slo="${slo.name}"} > ${factor} * ${budgetOf(slo)}`
    return alert({
      name: 'ErrorBudgetBurn',
      severity,
      for: burn.for,
      expr: `${over(long)} and ${over(short)} and slo:sli_requests:rate${long}{slo="${slo.name}"} > ${REQUESTS_MIN}`,
      labels: { slo: slo.name, window: long },
      summary: `The ${slo.name} objective (${slo.promise}) is missed by {{ $value | humanizePercentage }} of requests over ${long}: its budget burns ${factor} times too fast`,
      dashboard: 'slo',
    })
  })

export const sloRules: RuleFile = {
  name: 'slo',
  groups: [
    ...slos.map((slo) => ({
      name: `slo-${slo.name}`,
      rules: [...recording(slo), ...burnAlerts(slo)],
    })),
    {
      name: 'slo-budget',
      interval: '1m',
      rules: [
        {
          record: 'slo:budget_left:ratio28d',
          expr: '1 - (sum by (slo) (sum_over_time(slo:sli_bad:rate5m[28d])) / (sum by (slo) (sum_over_time(slo:sli_requests:rate5m[28d])) > 0)) / on (slo) (1 - slo:objective:ratio)',
        },
      ],
    },
  ],
}
