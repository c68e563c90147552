/** What cannot have a value in this test, and why. Anything else that has none is a mistake. */
export const notHere: { metric: RegExp; why: string }[] = [
  {
    metric: /^nginx_request_duration_seconds/,
    why: 'counted by Alloy, which Debian does not have',
  },
  { metric: /^loki_(write|discarded)/, why: 'told by Alloy and Loki, which Debian does not have' },
  {
    metric: /^pg_stat_statements_/,
    why: 'collected by an exporter newer than that of Debian (0.11)',
  },
  {
    metric: /^pg_stat_user_tables_/,
    why: 'collected by an exporter newer than that of Debian (0.11)',
  },
  { metric: /^aws_rds_replica_lag/, why: 'told by CloudWatch, of a database on RDS' },
  { metric: /^site_certificate_/, why: 'there where the site is served by https' },
  {
    metric:
      /^(ALERTS|app:version_new:bool|why:slower_release:ratio|why:failing_release:ratio|why:failing_route:ratio)$/,
    why: 'there only while something is wrong or new; promtool tests it',
  },
]

/** The same for queries, by a piece of them. */
export const notYet: { piece: RegExp; why: string }[] = [
  { piece: /\[5m\] offset 1w\)/, why: 'divides by what was a week ago' },
  { piece: /slo="edge"/, why: 'stands on what Alloy counts' },
]
