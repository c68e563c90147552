import { counter, api, page, ticket } from './case.ts'
import type { Case } from './case.ts'

const sli = (name: string, good: string, all: string) => ({
  [`app_sli_good_total{${api},sli="${name}",route="/api/flights"}`]: good,
  [`app_sli_total{${api},sli="${name}",route="/api/flights"}`]: all,
})

const missed = (share: string, window: string, factor: string, promise: string) =>
  `The ${promise} is missed by ${share} of requests over ${window}: its budget burns ${factor} times too fast`
const availability = 'availability objective (of what the API is asked, 99.9 % is not answered 5xx)'
const latency =
  'latency objective (of what the API answers, 99 % comes within the target of its route)'
const edge =
  'edge objective (of what reaches Nginx for the API, 99.9 % is not answered 5xx, whoever is to blame)'

const edgeOf = (statusClass: string, values: string) => ({
  [`nginx_request_duration_seconds_count{route_class="flights",status_class="${statusClass}"}`]:
    values,
})

/** Both pages of an objective ring in a fire; only the windows tell them apart. */
const pages = (slo: string, promise: string, [hour, quarter]: [string, string]) => ({
  labels: { ...page, slo, window: '1h' },
  summary: missed(hour, '1h', '14.4', promise),
  also: [{ labels: { ...page, slo, window: '6h' }, summary: missed(quarter, '6h', '6', promise) }],
})

export const burnCases: Case[] = [
  {
    alert: 'ErrorBudgetBurn',
    rules: ['slo'],
    story: '2 % of the answers are 5xx',
    series: sli('availability', counter([600, 60], [588, 70]), counter([600, 130])),
    silentAt: '62m',
    firingAt: '128m',
    ...pages('availability', availability, ['2%', '1.048%']),
  },
  {
    alert: 'ErrorBudgetBurn',
    rules: ['slo'],
    story: 'every fifth answer is late',
    series: sli('latency', counter([600, 60], [480, 70]), counter([600, 130])),
    silentAt: '62m',
    firingAt: '128m',
    ...pages('latency', latency, ['20%', '10.48%']),
  },
  {
    alert: 'ErrorBudgetBurn',
    rules: ['slo'],
    story: 'Nginx answers 502 for an API that does not count them itself',
    series: {
      ...edgeOf('2xx', counter([600, 60], [588, 70])),
      ...edgeOf('5xx', counter([0, 60], [12, 70])),
    },
    silentAt: '62m',
    firingAt: '128m',
    ...pages('edge', edge, ['2%', '1.048%']),
  },
  {
    alert: 'ErrorBudgetBurn',
    rules: ['slo'],
    story: 'a little over the budget, for days',
    evaluatedEvery: '10m',
    series: sli('availability', '0+5985x4800', '0+6000x4800'),
    silentAt: '2h',
    firingAt: '79h',
    labels: { ...ticket, slo: 'availability', window: '3d' },
    summary: missed('0.25%', '3d', '1', availability),
  },
]
