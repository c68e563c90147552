import { graph, logLines } from './panels.ts'
import { api } from './select.ts'

export const server = [
  graph({
    title: 'Time in the server beside time in the application',
    why: 'What PostgreSQL says it worked, and what we waited for it. Far apart: the network, the driver, or our own event loop.',
    unit: 's',
    width: 8,
    queries: [
      { expr: `sum ${api('db_query_seconds_total')}`, legend: 'waited for' },
      { expr: 'sum(rate(pg_stat_statements_seconds_total[5m]))', legend: 'worked' },
    ],
  }),
  graph({
    title: 'Found in memory',
    why: 'Share of pages that did not have to be read. Below 95 % for long: memory is short, or something reads whole tables.',
    unit: 'percentunit',
    width: 8,
    max: 1,
    queries: [
      {
        expr: 'sum(rate(pg_stat_database_blks_hit{job="postgres"}[$__rate_interval])) / (sum(rate(pg_stat_database_blks_hit{job="postgres"}[$__rate_interval])) + sum(rate(pg_stat_database_blks_read{job="postgres"}[$__rate_interval])) > 0)',
        legend: 'in memory',
      },
    ],
  }),
  graph({
    title: 'Transactions, rollbacks, deadlocks',
    why: 'Rollbacks beside commits are races lost, which is normal in a rush; deadlocks are a bug in the order of locks.',
    unit: 'cps',
    width: 8,
    queries: ['xact_commit', 'xact_rollback', 'deadlocks'].map((what) => ({
      expr: `sum(rate(pg_stat_database_${what}{job="postgres"}[$__rate_interval]))`,
      legend: what.replace('xact_', ''),
    })),
  }),
  graph({
    title: 'Size',
    why: 'How much there is on disk, and what was spilled there because work_mem was too small.',
    unit: 'bytes',
    width: 8,
    queries: [
      { expr: 'sum by (datname) (pg_database_size_bytes{job="postgres"})', legend: '{{datname}}' },
      {
        expr: 'sum(rate(pg_stat_database_temp_bytes{job="postgres"}[$__rate_interval]))',
        legend: 'spilled a second',
      },
    ],
  }),
  graph({
    title: 'Dead rows',
    why: 'What vacuum has yet to remove, in the worst tables. It grows without end while a transaction stays open.',
    width: 8,
    queries: [
      {
        expr: 'topk(5, sum by (relname) (pg_stat_user_tables_n_dead_tup{job="postgres"}))',
        legend: '{{relname}}',
      },
    ],
  }),
  graph({
    title: 'Its machine: processor',
    why: 'Of RDS, as CloudWatch says; where the database is ours, of the machine that it shares.',
    unit: 'percentunit',
    width: 8,
    max: 1,
    limits: [[0.9, 'red']],
    queries: [
      {
        expr: 'max(aws_rds_cpuutilization_average{job="rds"}) / 100 or max(saturation:ratio{resource="host_cpu"})',
        legend: 'busy',
      },
    ],
  }),
  graph({
    title: 'Its machine: room on the disk',
    why: 'Of RDS, as CloudWatch says; where the database is ours, of the fullest disk of its machine.',
    unit: 'bytes',
    width: 8,
    queries: [
      {
        expr: 'min(aws_rds_free_storage_space_average{job="rds"}) or min(node_filesystem_avail_bytes{job="node",fstype!~"tmpfs|squashfs|ramfs"})',
        legend: 'free',
      },
    ],
  }),
  graph({
    title: 'How far copies are behind',
    why: 'What would be lost by turning to a copy now. Nought where there is none.',
    unit: 's',
    width: 8,
    queries: [
      {
        expr: 'max(aws_rds_replica_lag_average{job="rds"}) or vector(0)',
        legend: 'the latest of them',
      },
    ],
  }),
  logLines({
    title: 'What PostgreSQL complains of',
    why: 'Errors, waits for locks over a second, and temporary files.',
    width: 24,
    height: 9,
    nothing: 'Nothing to complain of',
    query: '{service_name="db"} |~ "ERROR|FATAL|PANIC|still waiting|temporary file"',
  }),
]
