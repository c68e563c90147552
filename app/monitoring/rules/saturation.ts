import { alert } from './rule-file.ts'
import type { RuleFile } from './rule-file.ts'

/** worker_connections of app/frontend/nginx/nginx.conf; a test compares. */
export const NGINX_CONNECTIONS = 4096

const ours = 'job=~"api|worker"'

/** What can run out, each as a share of its limit: 1 is full. */
const resources: Record<string, string> = {
  db_pool: `sum by (job, instance) (rate(db_pool_checkout_seconds_total{${ours}}[2m])) / sum by (job, instance) (db_pool_max_connections{${ours}})`,
  event_loop: `sum by (job, instance) (rate(nodejs_eventloop_active_seconds_total{${ours}}[2m])) / (sum by (job, instance) (rate(nodejs_eventloop_active_seconds_total{${ours}}[2m])) + sum by (job, instance) (rate(nodejs_eventloop_idle_seconds_total{${ours}}[2m])))`,
  heap: `max by (job, instance) (min_over_time(nodejs_heap_size_used_bytes{${ours}}[2m])) / max by (job, instance) (nodejs_heap_limit_bytes{${ours}})`,
  file_descriptors: `max by (job, instance) (process_open_fds{${ours}}) / max by (job, instance) (process_max_fds{${ours}})`,
  pg_connections:
    'sum by (job, instance) (pg_stat_database_numbackends{job="postgres"}) / on (job, instance) max by (job, instance) (pg_settings_max_connections{job="postgres"})',
  nginx_connections: `max by (job, instance) (nginx_connections_active{job="nginx"}) / ${NGINX_CONNECTIONS}`,
  host_cpu: '1 - avg by (job, instance) (rate(node_cpu_seconds_total{job="node",mode="idle"}[2m]))',
  host_memory:
    '1 - max by (job, instance) (node_memory_MemAvailable_bytes{job="node"}) / max by (job, instance) (node_memory_MemTotal_bytes{job="node"})',
  disk_space:
    'max by (job, instance) (1 - node_filesystem_avail_bytes{job="node",fstype!~"tmpfs|squashfs|ramfs"} / (node_filesystem_size_bytes{job="node",fstype!~"tmpfs|squashfs|ramfs"} > 0))',
  disk_io: 'max by (job, instance) (rate(node_disk_io_time_seconds_total{job="node"}[2m]))',
}

/** Full for two minutes, these are felt by passengers; the others are for working hours. */
const felt = 'db_pool|event_loop|pg_connections|heap|nginx_connections|file_descriptors'

export const resourceNames = Object.keys(resources)

const records = Object.entries(resources).map(([resource, expr]) => ({
  record: 'saturation:ratio',
  labels: { resource },
  expr,
}))

export const saturationRules: RuleFile = {
  name: 'saturation',
  groups: [
    {
      name: 'saturation',
      rules: [
        ...records,
        {
          // The utilisation law: at how many requests a second, of today's mix, the first thing is full.
          record: 'app:headroom:rps',
          expr: 'sum(rate(http_requests_total{job="api"}[5m])) / (max(saturation:ratio{resource=~"db_pool|event_loop|host_cpu"}) > 0)',
        },
        alert({
          name: 'SaturationHigh',
          severity: 'page',
          expr: `saturation:ratio{resource=~"${felt}"} > 0.9`,
          for: '2m',
          summary:
            '{{ $labels.resource }} of {{ $labels.instance }} is {{ $value | humanizePercentage }} full: requests queue for it now',
          dashboard: 'overview',
        }),
        alert({
          name: 'SaturationForecast',
          severity: 'ticket',
          expr: 'predict_linear(saturation:ratio[15m], 3600) > 1 and saturation:ratio > 0.5',
          for: '5m',
          summary:
            '{{ $labels.resource }} of {{ $labels.instance }} will be full within the hour: as it grows it would be at {{ $value | humanizePercentage }}',
          dashboard: 'overview',
        }),
        alert({
          name: 'HeadroomLow',
          severity: 'ticket',
          expr: 'app:headroom:rps < 1.5 * max_over_time(sum(rate(http_requests_total{job="api"}[5m]))[7d:5m])',
          for: '30m',
          summary:
            'The first resource is full at {{ $value | humanize }} requests/s, less than 1.5 times the busiest moment of the week',
          dashboard: 'overview',
        }),
        alert({
          name: 'DbPoolTimeouts',
          severity: 'page',
          expr: 'sum by (job, instance) (increase(db_pool_timeouts_total{job=~"api|worker"}[5m])) > 0',
          for: '2m',
          summary:
            '{{ $labels.instance }} gave up waiting for a database connection {{ $value | humanize }} times in 5 minutes: passengers see 503',
          dashboard: 'database',
        }),
        alert({
          name: 'DiskFull4h',
          severity: 'page',
          expr: 'predict_linear(node_filesystem_avail_bytes{job="node",fstype!~"tmpfs|squashfs|ramfs"}[1h], 4 * 3600) < 0 and node_filesystem_avail_bytes{job="node",fstype!~"tmpfs|squashfs|ramfs"} / node_filesystem_size_bytes{job="node",fstype!~"tmpfs|squashfs|ramfs"} < 0.4',
          for: '15m',
          summary:
            'The disk of {{ $labels.instance }} at {{ $labels.mountpoint }} is full within 4 hours as it fills now; PostgreSQL stops with it',
          dashboard: 'runtime',
        }),
      ],
    },
  ],
}
