import { counter, gauge, api, ticket } from './case.ts'
import type { Case } from './case.ts'

export const telemetryCases: Case[] = [
  {
    alert: 'TelemetryLoss',
    rules: ['telemetry'],
    story: 'Loki is away for longer than the memory for its lines',
    series: { [`log_ship_dropped_total{${api}}`]: counter([0, 20], [100, 20]) },
    silentAt: '20m',
    firingAt: '38m',
    labels: { ...ticket, what: 'log lines that the API or the worker could not deliver' },
    summary:
      '1k log lines that the API or the worker could not deliver in 10 minutes: what we see is not all',
  },
  {
    alert: 'TargetDown',
    rules: ['telemetry'],
    story: 'an exporter is gone',
    series: { 'up{job="postgres",instance="postgres-exporter"}': gauge([1, 10], [0, 20]) },
    silentAt: '12m',
    firingAt: '20m',
    labels: { ...ticket, job: 'postgres', instance: 'postgres-exporter' },
    summary:
      'postgres at postgres-exporter does not answer its scrape: its panels and alerts are blind',
  },
  {
    alert: 'ScrapeTooLarge',
    rules: ['telemetry'],
    story: 'a label without end',
    series: { [`scrape_samples_scraped{${api}}`]: gauge([2700, 10], [9000, 20]) },
    silentAt: '15m',
    firingAt: '25m',
    labels: { ...ticket, job: 'api', instance: 'api-blue' },
    summary:
      'api-blue answers a scrape with 9000 samples: rendering them blocks its event loop; a label has no end',
  },
]
