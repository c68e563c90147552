import { dashboard } from './house.ts'
import { coloured, listing } from './listing.ts'
import { figure, graph, logLines } from './panels.ts'
import { orZero } from './select.ts'

const lost = (metric: string, labels: string) =>
  orZero(`sum(rate(${metric}{${labels}}[$__rate_interval]))`)

export const telemetry = dashboard({
  name: 'telemetry',
  title: 'Telemetry health',
  question: 'Can we believe what we see?',
  from: 'now-6h',
  rows: [
    {
      title: 'Does everybody answer?',
      panels: [
        listing({
          title: 'Targets',
          why: 'Who is scraped, whether it answers, how long that takes and how much comes. Over 5,000 samples of the API: a label without end.',
          width: 16,
          height: 10,
          queries: [
            { expr: 'max by (job, instance) (up)', asTable: true },
            { expr: 'max by (job, instance) (scrape_duration_seconds)', asTable: true },
            { expr: 'max by (job, instance) (scrape_samples_scraped)', asTable: true },
          ],
          columns: [
            { field: 'job', as: 'Job' },
            { field: 'instance', as: 'Instance' },
            { field: 'Value #A', as: 'Up', properties: coloured([[1, 'green']]) },
            { field: 'Value #B', as: 'Scrape takes', unit: 's' },
            { field: 'Value #C', as: 'Samples', properties: coloured([[5000, 'red']]) },
          ],
        }),
        figure({
          title: 'Targets that do not answer',
          why: 'Their panels and alerts are blind.',
          width: 8,
          height: 5,
          base: 'green',
          steps: [[1, 'red']],
          queries: [{ expr: 'count(up == 0) or vector(0)', legend: 'down' }],
        }),
        figure({
          title: 'Series',
          why: 'How much Prometheus holds in memory. A jump is a new label.',
          width: 8,
          height: 5,
          queries: [{ expr: 'prometheus_tsdb_head_series{job="prometheus"}', legend: 'series' }],
        }),
      ],
    },
    {
      title: 'Is anything lost?',
      panels: [
        graph({
          title: 'Log lines that were lost',
          why: 'Given up after retries, by who lost them. Healthy: 0.',
          unit: 'cps',
          width: 8,
          limits: [[0.001, 'red']],
          queries: [
            {
              expr: lost('log_ship_dropped_total', 'job=~"api|worker"'),
              legend: 'API and worker',
            },
            { expr: lost('loki_write_dropped_entries_total', 'job="alloy"'), legend: 'Alloy' },
            { expr: lost('loki_discarded_samples_total', 'job="loki"'), legend: 'refused by Loki' },
          ],
        }),
        graph({
          title: 'Log lines of the API and the worker',
          why: 'Written, delivered to Loki, and how often a delivery had to be tried again.',
          unit: 'cps',
          width: 8,
          queries: [
            {
              expr: 'sum(rate(log_lines_total{job=~"api|worker"}[$__rate_interval]))',
              legend: 'written',
            },
            { expr: lost('log_ship_sent_total', 'job=~"api|worker"'), legend: 'delivered' },
            { expr: lost('log_ship_retries_total', 'job=~"api|worker"'), legend: 'tried again' },
          ],
        }),
        graph({
          title: 'Log lines that wait for Loki',
          why: 'In the memory of the API and the worker. It grows while Loki is away; at its bound lines are lost.',
          unit: 'bytes',
          width: 8,
          queries: [
            { expr: orZero('max by (instance) (log_ship_waiting_bytes)'), legend: '{{instance}}' },
          ],
        }),
        graph({
          title: 'Log lines by level',
          why: 'Who shouts? A step in warn or error came with something.',
          unit: 'cps',
          width: 8,
          stacked: 'amounts',
          queries: [
            {
              expr: 'sum by (job, level) (rate(log_lines_total{job=~"api|worker"}[$__rate_interval]))',
              legend: '{{job}} {{level}}',
            },
          ],
        }),
        graph({
          title: 'Rules and alerts that failed',
          why: 'Rules that could not be evaluated, and alerts that could not be handed over. Healthy: 0.',
          unit: 'cps',
          width: 8,
          queries: [
            {
              expr: lost('prometheus_rule_evaluation_failures_total', 'job="prometheus"'),
              legend: 'rules',
            },
            {
              expr: lost('prometheus_notifications_dropped_total', 'job="prometheus"'),
              legend: 'alerts not handed over',
            },
            {
              expr: lost('alertmanager_notifications_failed_total', 'job="alertmanager"'),
              legend: 'notices not delivered',
            },
          ],
        }),
        graph({
          title: 'Scrapes: how long',
          why: 'A scrape blocks the event loop of who is scraped.',
          unit: 's',
          width: 8,
          queries: [{ expr: 'max by (job) (scrape_duration_seconds)', legend: '{{job}}' }],
        }),
        graph({
          title: 'Rules: how long an evaluation takes',
          why: 'Near its interval the verdicts come late.',
          unit: 's',
          width: 8,
          queries: [
            {
              expr: 'max by (group) (label_replace(prometheus_rule_group_last_duration_seconds{job="prometheus"}, "group", "$1", "rule_group", ".*;(.+)"))',
              legend: '{{group}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Who is too much?',
      panels: [
        listing({
          title: 'Samples by job',
          why: 'Who sends most. sample_limit ends a scrape of the API or the worker at 10,000.',
          sortedBy: 'Samples',
          queries: [
            { expr: 'sum by (job) (scrape_samples_post_metric_relabeling)', asTable: true },
          ],
          columns: [
            { field: 'job', as: 'Job' },
            { field: 'Value', as: 'Samples' },
          ],
        }),
        graph({
          title: 'Bytes of log by service',
          why: 'Who writes most.',
          unit: 'Bps',
          fromLogs: true,
          queries: [
            {
              expr: 'sum by (service_name) (bytes_rate({service_name=~".+"} [$__auto]))',
              legend: '{{service_name}}',
            },
          ],
        }),
        logLines({
          title: 'What the monitoring complains of',
          why: 'Lines of Prometheus, Alertmanager, Loki and Grafana that say error or fail.',
          query:
            '{service_name=~"prometheus|alertmanager|loki|grafana"} |~ "level=(error|warn)|\\"level\\":\\"(error|warn)\\""',
          nothing: 'Nothing',
        }),
      ],
    },
  ],
})
