import { dashboard } from './house.ts'
import { listing } from './listing.ts'
import { figure, graph, words } from './panels.ts'
import { orZero } from './select.ts'
import { slos } from '../rules/slo.ts'

const spent = (sli: string) =>
  `sum by (route) (increase(app_sli_total{job="api",sli="${sli}"}[$__range]) - increase(app_sli_good_total{job="api",sli="${sli}"}[$__range]))`

const spenders = (sli: string, title: string, why: string) =>
  listing({
    title,
    why,
    nothing: 'None',
    sortedBy: 'Bad answers',
    queries: [{ expr: `topk(15, ${spent(sli)})`, asTable: true }],
    columns: [
      { field: 'route', as: 'Endpoint' },
      { field: 'Value', as: 'Bad answers', unit: 'short' },
    ],
  })

export const slo = dashboard({
  name: 'slo',
  title: 'SLO',
  question: 'Do we keep what we promise, and what may we still spend?',
  from: 'now-24h',
  rows: [
    {
      title: 'The promise',
      panels: [
        words({
          title: 'What we promise',
          why: 'The objectives as sentences; they are defined in app/monitoring/rules/slo.ts.',
          width: 12,
          height: 6,
          markdown: slos.map(({ name, promise }) => `- **${name}**: ${promise}`).join('\n'),
        }),
        figure({
          title: 'Error budget left, 28 days',
          why: 'Of the failures that the objective allows in 28 days, whatever time is chosen above.',
          unit: 'percentunit',
          width: 12,
          height: 6,
          base: 'red',
          steps: [
            [0, 'orange'],
            [0.25, 'green'],
          ],
          queries: [{ expr: 'slo:budget_left:ratio28d', legend: '{{slo}}' }],
        }),
      ],
    },
    {
      title: 'How fast is it spent?',
      panels: slos.map(({ name, objective }) =>
        graph({
          title: `Burn rate: ${name}`,
          why: 'How many times too fast, over windows from 5 minutes to 3 days. A page needs 14.4 over both 1h and 5m, or 6 over 6h and 30m; a ticket 3 over 1d and 2h, or 1 over 3d and 6h.',
          width: 8,
          limits: [
            [1, 'yellow'],
            [6, 'orange'],
            [14.4, 'red'],
          ],
          queries: ['5m', '30m', '1h', '6h', '1d', '3d'].map((window) => ({
            expr: `slo:sli_error:ratio_rate${window}{slo="${name}"} / ${Number((1 - objective).toFixed(6))}`,
            legend: window,
          })),
        }),
      ),
    },
    {
      title: 'Who spent it?',
      panels: [
        spenders(
          'availability',
          'Failed answers, by endpoint',
          'Which endpoints answered 5xx in the time that is looked at. The first is worth more than all others together, usually.',
        ),
        spenders(
          'latency',
          'Late answers, by endpoint',
          'Which endpoints answered above their target in the time that is looked at.',
        ),
      ],
    },
    {
      title: 'Seen from outside',
      panels: [
        graph({
          title: 'At Nginx: failures by part of the site',
          why: 'Includes what never reached the API: 502 and 504 while it is away, 499 of those who left.',
          unit: 'reqps',
          queries: [
            {
              expr: orZero(
                'sum by (route_class) (rate(nginx_request_duration_seconds_count{status_class="5xx"}[$__rate_interval])) > 0',
              ),
              legend: '{{route_class}}',
            },
          ],
        }),
        graph({
          title: 'At Nginx: how long, by part of the site',
          why: '95 % of the answers came within this, the last byte included. Much above the API: slow clients, or a queue before it.',
          unit: 's',
          queries: [
            {
              expr: 'histogram_quantile(0.95, sum by (le, route_class) (rate(nginx_request_duration_seconds_bucket[$__rate_interval])))',
              legend: '{{route_class}}',
            },
          ],
        }),
      ],
    },
  ],
})
