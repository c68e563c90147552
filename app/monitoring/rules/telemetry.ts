import { alert } from './rule-file.ts'
import type { RuleFile } from './rule-file.ts'

const lost: Record<string, string> = {
  'log lines that the API or the worker could not deliver':
    'sum(increase(log_ship_dropped_total{job=~"api|worker"}[10m]))',
  'log lines that Alloy could not deliver':
    'sum(increase(loki_write_dropped_entries_total{job="alloy"}[10m]))',
  'log lines that Loki refused': 'sum(increase(loki_discarded_samples_total{job="loki"}[10m]))',
  'evaluations of rules that failed':
    'sum(increase(prometheus_rule_evaluation_failures_total{job="prometheus"}[10m]))',
  'alerts that Prometheus could not hand over':
    'sum(increase(prometheus_notifications_dropped_total{job="prometheus"}[10m]))',
}

const losses = Object.entries(lost)
  .map(([what, expr]) => `label_replace(${expr}, "what", "${what}", "", "") > 0`)
  .join(' or ')

export const telemetryRules: RuleFile = {
  name: 'telemetry',
  groups: [
    {
      name: 'telemetry',
      rules: [
        alert({
          name: 'TelemetryLoss',
          severity: 'ticket',
          expr: losses,
          for: '5m',
          summary:
            '{{ $value | humanize }} {{ $labels.what }} in 10 minutes: what we see is not all',
          dashboard: 'telemetry',
        }),
        alert({
          name: 'TargetDown',
          severity: 'ticket',
          expr: 'up{job!~"api|worker"} == 0',
          for: '5m',
          summary:
            '{{ $labels.job }} at {{ $labels.instance }} does not answer its scrape: its panels and alerts are blind',
          dashboard: 'telemetry',
        }),
        alert({
          name: 'ScrapeTooLarge',
          severity: 'ticket',
          expr: 'scrape_samples_scraped{job=~"api|worker"} > 5000',
          for: '10m',
          summary:
            '{{ $labels.instance }} answers a scrape with {{ $value }} samples: rendering them blocks its event loop; a label has no end',
          dashboard: 'telemetry',
        }),
        alert({
          name: 'Watchdog',
          severity: 'none',
          expr: 'vector(1)',
          summary: 'Always firing: when it stops, alerting itself is dead',
          dashboard: 'telemetry',
        }),
      ],
    },
  ],
}
