import { alert } from './rule-file.ts'
import type { RuleFile } from './rule-file.ts'

const ours = 'job=~"api|worker"'

/** The processes and the database they stand on. */
export const processRules: RuleFile = {
  name: 'processes',
  groups: [
    {
      name: 'processes',
      rules: [
        alert({
          name: 'ApiDown',
          severity: 'page',
          expr: '(count(up{job="api"} == 1) or vector(0)) == 0',
          for: '1m',
          summary: 'No process of the API answers its scrape: passengers see the maintenance page',
          dashboard: 'overview',
        }),
        alert({
          name: 'WorkerDown',
          severity: 'page',
          expr: '(count(up{job="worker"} == 1) or vector(0)) == 0',
          for: '5m',
          summary:
            'No worker runs: holds do not expire, payments are not settled and refunds are not sent',
          dashboard: 'runtime',
        }),
        alert({
          name: 'DatabaseDown',
          severity: 'page',
          expr: 'max(pg_up{job="postgres"}) == 0',
          for: '1m',
          summary: 'PostgreSQL does not answer its exporter: nothing can be sold',
          dashboard: 'database',
        }),
        alert({
          name: 'CrashLoop',
          severity: 'page',
          expr: `changes(process_start_time_seconds{${ours}}[15m]) > 2`,
          summary:
            '{{ $labels.job }} on {{ $labels.instance }} started {{ $value }} times in 15 minutes: what it holds in memory and in flight is lost each time',
          dashboard: 'runtime',
        }),
        alert({
          name: 'EventLoopStalls',
          severity: 'ticket',
          expr: `rate(nodejs_eventloop_stalls_total{${ours}}[5m]) > 0.1`,
          for: '10m',
          summary:
            'The event loop of {{ $labels.instance }} stands still for over 100 ms {{ $value | humanize }} times a second: everybody waits for one piece of code',
          dashboard: 'runtime',
        }),
        alert({
          name: 'GcPressure',
          severity: 'ticket',
          expr: `sum by (job, instance) (rate(nodejs_gc_seconds_total{${ours}}[5m])) > 0.1`,
          for: '10m',
          summary:
            '{{ $labels.instance }} spends {{ $value | humanizePercentage }} of its time collecting garbage: memory grows or is churned',
          dashboard: 'runtime',
        }),
        alert({
          name: 'NPlusOne',
          severity: 'ticket',
          expr: 'sum by (route, query) (rate(db_queries_total{job="api"}[5m])) / on (route) group_left () (sum by (route) (rate(http_requests_total{job="api"}[5m])) > 0) > 15',
          for: '15m',
          summary:
            '{{ $labels.route }} sends {{ $labels.query }} {{ $value | humanize }} times in each request: a loop around a query',
          dashboard: 'endpoint?var-route={{ $labels.route }}',
        }),
        alert({
          name: 'LongTransaction',
          severity: 'ticket',
          expr: 'max by (datname) (pg_stat_activity_max_tx_duration{job="postgres",state!="idle"}) > 60',
          for: '1m',
          summary:
            'A transaction in {{ $labels.datname }} has been open for {{ $value | humanizeDuration }}: its locks and dead rows stay',
          dashboard: 'database',
        }),
        alert({
          name: 'ReplicaBehind',
          severity: 'ticket',
          expr: 'max by (dimension_DBInstanceIdentifier) (aws_rds_replica_lag_average{job="rds"}) > 60',
          for: '10m',
          summary:
            'The copy {{ $labels.dimension_DBInstanceIdentifier }} is {{ $value | humanizeDuration }} behind: so much would be lost by turning to it now',
          dashboard: 'database',
        }),
        alert({
          name: 'ArchivingFails',
          severity: 'page',
          expr: 'max by (instance) (increase(pg_stat_archiver_failed_count{job="postgres"}[15m])) > 0',
          for: '5m',
          summary:
            'PostgreSQL cannot archive its WAL: there is no way back to a point in time from now on, and the disk fills',
          dashboard: 'database',
        }),
        alert({
          name: 'CertificateExpires',
          severity: 'ticket',
          expr: 'min by (site) (site_certificate_expires_timestamp_seconds{job="worker"}) - time() < 14 * 86400',
          for: '15m',
          summary:
            'The certificate of {{ $labels.site }} expires in {{ $value | humanizeDuration }}: browsers refuse the site from then on',
          dashboard: 'overview',
        }),
        alert({
          name: 'JobFailing',
          severity: 'ticket',
          expr: 'sum by (task) (increase(job_runs_total{job="worker",outcome!~"ok|done"}[10m])) > 3',
          summary:
            'The job {{ $labels.task }} failed {{ $value | humanize }} times in 10 minutes; it tries anew each turn',
          dashboard: 'runtime',
        }),
        alert({
          name: 'NginxDropsConnections',
          severity: 'page',
          expr: 'increase(nginx_connections_accepted{job="nginx"}[5m]) - increase(nginx_connections_handled{job="nginx"}[5m]) > 1',
          for: '2m',
          summary:
            'Nginx refused {{ $value | humanize }} connections in 5 minutes: it is at its limit of connections',
          dashboard: 'runtime',
        }),
      ],
    },
  ],
}
