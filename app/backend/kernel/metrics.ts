import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { OpenMetricsContentType } from 'prom-client'
import { spread, tally as tallyOf } from './tally.ts'

/**
 * The process-wide registry: the one global, because metrics are a fact of the process. In OpenMetrics,
 * because only that carries exemplars: the way from a slow dot on a graph to the request's log lines.
 */
export const registry = new Registry<OpenMetricsContentType>()
registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
const registers = [registry]

/** A counter in this registry; slices name theirs aeroflash_<slice>_<noun>_total. */
export const tally = (name: string, help: string, ...labels: string[]) =>
  tallyOf({ name, help, labels, registry })

/** A gauge that is looked up when it is scraped: one number, or one for each value of its label. */
export const gauge = (
  name: string,
  help: string,
  read: () => number | Record<string, number>,
  label?: string,
) =>
  new Gauge({
    name,
    help,
    labelNames: label ? [label] : [],
    registers,
    collect() {
      const now = read()
      if (typeof now === 'number') this.set(now)
      else for (const [value, number] of Object.entries(now)) this.set({ [label!]: value }, number)
    },
  })

/** A counter of something that counts itself. */
export const counted = (name: string, help: string, read: () => number) =>
  new Counter({
    name,
    help,
    registers,
    collect() {
      this.reset()
      this.inc(read())
    },
  })

export const buildInfo = new Gauge({
  name: 'app_build_info',
  help: 'Which build runs; always 1.',
  labelNames: ['version', 'commit'] as const,
  registers,
})

export const httpDuration = spread({
  name: 'http_request_duration_seconds',
  help: 'From the first middleware to the last byte handed to the socket.',
  labels: ['method', 'route', 'status_class'],
  buckets: [0.005, 0.025, 0.05, 0.1, 0.3, 0.5, 0.75, 1.5, 2.5, 5],
  registry,
})

export const httpRequests = tally(
  'http_requests_total',
  'Requests by exact status; 499 is a client that went away.',
  'method',
  'route',
  'status',
)

/** By route. */
export const httpInFlight = new Map<string, number>()
gauge(
  'http_requests_in_flight',
  'Requests that were begun and not yet answered; event streams apart.',
  () => Object.fromEntries(httpInFlight),
  'route',
)

export const httpStreams = new Gauge({
  name: 'http_streams_open',
  help: 'Server-sent event streams that are open; they end when the process drains.',
  registers,
})

export const httpPhases = tally(
  'http_request_phase_seconds_total',
  'Where requests spent their time; the phases add up. slow: 1 above the target of its route.',
  'route',
  'phase',
  'slow',
)

export const loopSeconds = tally(
  'nodejs_eventloop_run_seconds_total',
  'The event loop ran code of this route or job, and kept all others waiting.',
  'route',
)

export const routeTarget = new Gauge({
  name: 'http_route_target_seconds',
  help: 'Above it a request of this route is slow.',
  labelNames: ['route'] as const,
  registers,
})

export const sli = tally('app_sli_total', 'Requests that count for an objective.', 'route', 'sli')
export const sliGood = tally('app_sli_good_total', 'Those that met it.', 'route', 'sli')

export const dbSeconds = tally(
  'db_query_seconds_total',
  'Waiting for statements, by who asked.',
  'route',
  'query',
)
export const dbQueries = tally('db_queries_total', 'Statements sent.', 'route', 'query')
export const dbRows = tally('db_rows_total', 'Rows that came back or were changed.', 'query')
export const dbErrors = tally(
  'db_query_errors_total',
  'Failed statements by class of SQLSTATE.',
  'query',
  'code',
)

export const dbQueryDuration = spread({
  name: 'db_query_duration_seconds',
  help: 'From sending a statement to its last row.',
  labels: ['query'],
  buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1.5],
  registry,
})

export const dbPoolWait = spread({
  name: 'db_pool_wait_seconds',
  help: 'Waiting for a connection of the pool.',
  labels: [],
  buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.5, 5],
  registry,
})
export const dbCheckouts = tally(
  'db_pool_checkout_seconds_total',
  'Connections times the seconds for which they were taken; divided by the maximum, utilisation.',
  'route',
)
export const dbPoolTimeouts = tally(
  'db_pool_timeouts_total',
  'Times that nobody got a connection in time.',
)

export const externalDuration = new Histogram({
  name: 'external_request_duration_seconds',
  help: 'Calls to partners, by what came of them.',
  labelNames: ['peer', 'outcome'] as const,
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1.5, 5],
  registers,
})
export const externalSeconds = tally(
  'external_request_seconds_total',
  'Waiting for partners, by who asked.',
  'route',
  'peer',
)

export const jobRuns = tally('job_runs_total', 'Runs of the worker’s jobs.', 'job', 'outcome')
export const jobPhases = tally(
  'job_phase_seconds_total',
  'Where the worker’s jobs spent their time.',
  'job',
  'phase',
)

export const logLines = tally('log_lines_total', 'Lines logged.', 'level')
