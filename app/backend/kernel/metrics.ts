import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** The process-wide registry: the one global, because metrics are a fact of the process. */
export const registry = new Registry()
const registers = [registry]

collectDefaultMetrics({ register: registry })

export const buildInfo = new Gauge({
  name: 'app_build_info',
  help: 'Which build runs; always 1.',
  labelNames: ['version', 'commit'] as const,
  registers,
})

export const httpDuration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'From the first middleware to the last byte handed to the socket.',
  labelNames: ['method', 'route', 'status_class'] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.5, 2.5, 5, 10],
  registers,
})

export const httpRequests = new Counter({
  name: 'http_requests_total',
  help: 'Requests by exact status; 499 is a client that went away.',
  labelNames: ['method', 'route', 'status'] as const,
  registers,
})

export const dbQueries = new Counter({
  name: 'db_queries_total',
  help: 'Statements sent, by name.',
  labelNames: ['query'] as const,
  registers,
})

export const dbQueryDuration = new Histogram({
  name: 'db_query_duration_seconds',
  help: 'From sending a statement to its last row.',
  labelNames: ['query'] as const,
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.5, 5],
  registers,
})

export const dbErrors = new Counter({
  name: 'db_query_errors_total',
  help: 'Failed statements by class of SQLSTATE.',
  labelNames: ['query', 'code'] as const,
  registers,
})

export const dbPoolWait = new Histogram({
  name: 'db_pool_wait_seconds',
  help: 'Waiting for a connection of the pool.',
  buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.5, 5],
  registers,
})

export const externalDuration = new Histogram({
  name: 'external_request_duration_seconds',
  help: 'Calls to partners, by what came of them.',
  labelNames: ['peer', 'outcome'] as const,
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.5, 2.5, 5, 10],
  registers,
})
