import { counter, gauge, api, page, ticket } from './case.ts'
import type { Case } from './case.ts'

export const processCases: Case[] = [
  {
    alert: 'ApiDown',
    rules: ['processes'],
    story: 'one colour after the other goes, and none comes',
    series: {
      'up{job="api",instance="api-blue"}': gauge([1, 10], [0, 20]),
      'up{job="api",instance="api-green"}': gauge([1, 15], ['_', 15]),
    },
    silentAt: '14m',
    firingAt: '22m',
    labels: page,
    summary: 'No process of the API answers its scrape: passengers see the maintenance page',
  },
  {
    alert: 'WorkerDown',
    rules: ['processes'],
    story: 'the worker is gone',
    series: { 'up{job="worker",instance="worker"}': gauge([1, 10], ['_', 20]) },
    silentAt: '9m',
    firingAt: '25m',
    labels: page,
    summary:
      'No worker runs: holds do not expire, payments are not settled and refunds are not sent',
  },
  {
    alert: 'DatabaseDown',
    rules: ['processes'],
    story: 'PostgreSQL stops',
    series: { 'pg_up{job="postgres",instance="db"}': gauge([1, 10], [0, 10]) },
    silentAt: '9m',
    firingAt: '13m',
    labels: page,
    summary: 'PostgreSQL does not answer its exporter: nothing can be sold',
  },
  {
    alert: 'CrashLoop',
    rules: ['processes'],
    story: 'the API begins anew again and again',
    series: {
      [`process_start_time_seconds{${api}}`]: `${gauge([100, 20])} 200 300 400 500 500 500`,
    },
    silentAt: '19m',
    firingAt: '24m',
    labels: { ...page, job: 'api', instance: 'api-blue' },
    summary:
      'api on api-blue started 4 times in 15 minutes: what it holds in memory and in flight is lost each time',
  },
  {
    alert: 'EventLoopStalls',
    rules: ['processes'],
    story: 'something stops the event loop every other second',
    series: { [`nodejs_eventloop_stalls_total{${api}}`]: counter([0, 20], [30, 20]) },
    silentAt: '25m',
    firingAt: '38m',
    labels: { ...ticket, job: 'api', instance: 'api-blue' },
    summary:
      'The event loop of api-blue stands still for over 100 ms 500m times a second: everybody waits for one piece of code',
  },
  {
    alert: 'GcPressure',
    rules: ['processes'],
    story: 'a quarter of the time is garbage collection',
    series: {
      [`nodejs_gc_seconds_total{${api},kind="major"}`]: counter([1, 20], [12, 20]),
      [`nodejs_gc_seconds_total{${api},kind="minor"}`]: counter([1, 20], [3, 20]),
    },
    silentAt: '20m',
    firingAt: '38m',
    labels: { ...ticket, job: 'api', instance: 'api-blue' },
    summary: 'api-blue spends 25% of its time collecting garbage: memory grows or is churned',
  },
  {
    alert: 'NPlusOne',
    rules: ['processes'],
    story: 'a search asks for the seats of each flight by itself',
    series: {
      [`db_queries_total{${api},route="/api/flights",query="seats.count"}`]: counter(
        [60, 20],
        [2400, 30],
      ),
      [`http_requests_total{${api},route="/api/flights",status="200"}`]: counter([60, 50]),
    },
    silentAt: '25m',
    firingAt: '48m',
    labels: { ...ticket, route: '/api/flights', query: 'seats.count' },
    summary: '/api/flights sends seats.count 40 times in each request: a loop around a query',
  },
  {
    alert: 'LongTransaction',
    rules: ['processes'],
    story: 'somebody left a transaction open',
    series: {
      'pg_stat_activity_max_tx_duration{job="postgres",datname="aeroflash",state="idle in transaction"}':
        '0+0x10 60+60x10',
    },
    silentAt: '10m',
    firingAt: '14m',
    labels: { ...ticket, datname: 'aeroflash' },
    summary: 'A transaction in aeroflash has been open for 4m 0s: its locks and dead rows stay',
  },
  {
    alert: 'ReplicaBehind',
    rules: ['processes'],
    story: 'the copy in the region away falls behind',
    series: {
      'aws_rds_replica_lag_average{job="rds",dimension_DBInstanceIdentifier="aeroflash-copy"}':
        gauge([1, 10], [120, 30]),
    },
    silentAt: '18m',
    firingAt: '24m',
    labels: { ...ticket, dimension_DBInstanceIdentifier: 'aeroflash-copy' },
    summary: 'The copy aeroflash-copy is 2m 0s behind: so much would be lost by turning to it now',
  },
  {
    alert: 'ArchivingFails',
    rules: ['processes'],
    story: 'the archive is full',
    series: {
      'pg_stat_archiver_failed_count{job="postgres",instance="db"}': counter([0, 10], [3, 20]),
    },
    silentAt: '10m',
    firingAt: '20m',
    labels: { ...page, instance: 'db' },
    summary:
      'PostgreSQL cannot archive its WAL: there is no way back to a point in time from now on, and the disk fills',
  },
  {
    alert: 'CertificateExpires',
    rules: ['processes'],
    story: 'nobody renews it',
    series: {
      // Promtool's time begins at 0.
      'site_certificate_expires_timestamp_seconds{job="worker",site="aeroflash.example"}': gauge(
        [1_300_000, 20],
        [864_000, 40],
      ),
    },
    silentAt: '19m',
    firingAt: '40m',
    labels: { ...ticket, site: 'aeroflash.example' },
    summary:
      'The certificate of aeroflash.example expires in 9d 23h 20m 0s: browsers refuse the site from then on',
  },
  {
    alert: 'JobFailing',
    rules: ['processes'],
    story: 'refunds are not sent',
    series: {
      'job_runs_total{job="worker",task="payments.send_refunds",outcome="failed"}': counter(
        [0, 20],
        [6, 20],
      ),
      'job_runs_total{job="worker",task="payments.send_refunds",outcome="ok"}': counter(
        [30, 20],
        [24, 20],
      ),
    },
    silentAt: '20m',
    firingAt: '38m',
    labels: { ...ticket, task: 'payments.send_refunds' },
    summary: 'The job payments.send_refunds failed 60 times in 10 minutes; it tries anew each turn',
  },
  {
    alert: 'NginxDropsConnections',
    rules: ['processes'],
    story: 'Nginx accepts what it cannot handle',
    series: {
      'nginx_connections_accepted{job="nginx",instance="nginx"}': counter([100, 40]),
      'nginx_connections_handled{job="nginx",instance="nginx"}': counter([100, 20], [80, 20]),
    },
    silentAt: '20m',
    firingAt: '38m',
    labels: { ...page, job: 'nginx', instance: 'nginx' },
    summary: 'Nginx refused 100 connections in 5 minutes: it is at its limit of connections',
  },
]
