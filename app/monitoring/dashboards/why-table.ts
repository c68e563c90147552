import { linkTo } from './house.ts'
import type { Panel } from './house.ts'
import { coloured, linked, listing, wide, worded } from './listing.ts'
import type { Kind } from '../why/rules.ts'

/** What a kind of cause means to somebody who reads it for the first time. */
const meanings: Record<Kind, string> = {
  release: 'slower since this version',
  failing_release: 'fails since this version',
  repeated: 'this statement again and again (N+1)',
  lock: 'waits for a lock held by',
  idle_transaction: 'waits for an open transaction of',
  garbage: 'memory is being collected',
  logging: 'log lines are being written',
  statement: 'this statement is slow',
  lock_timeout: 'waits for a lock until it gives up',
  holder: 'connections are kept by',
  pool: 'too few connections',
  partner: 'this partner is slow',
  blocker: 'the event loop is busy with',
  starved: 'somebody else has the',
  busy: 'too much for one event loop, most by',
  failing_partner: 'this partner fails',
  failing_statement: 'this statement fails',
  pool_timeout: 'got no connection in time',
  own: 'its own code is slow',
  own_errors: 'its own code fails',
  memory: 'memory runs out in',
}

const phases = {
  pool: 'waiting for a connection',
  db: 'waiting for PostgreSQL',
  external: 'waiting for a partner',
  loop: 'waiting for the event loop',
  app: 'running code',
  errors: 'failing',
  memory: 'memory',
}

// Rows of several queries become one only when they share all labels: the name of a metric is one, too.
const byRoute = (metric: string) => `max by (route) (${metric})`

const toEndpoint = linkTo('Why? Open the endpoint', 'endpoint', 'var-route=${__value.raw}')

/** THE table: who is slow, and because of what. `npm run diagnose` says the same in words. */
export const whyTable = (height = 10): Panel =>
  listing({
    title: 'Why is it slow?',
    why: 'Which endpoints miss their target or fail, worst first, and because of what. Slow: over 5 % of the requests of the last minute above the target of the route. "Share" is how much of the time of slow requests that explains. Click a route to see it from near. The same in words: npm run diagnose.',
    width: 24,
    height,
    nothing: 'No requests yet',
    sortedBy: 'Slow',
    queries: [
      { expr: 'max by (route, phase, kind, culprit) (why:verdict)', asTable: true },
      { expr: byRoute('why:requests:rate'), asTable: true },
      { expr: byRoute('why:p95:seconds'), asTable: true },
      { expr: byRoute('why:errors:ratio'), asTable: true },
      { expr: byRoute('why:slow:ratio'), asTable: true },
      {
        expr: 'max by (route) (http_route_target_seconds{job="api"}) and on (route) why:requests:rate',
        asTable: true,
      },
    ],
    columns: [
      { field: 'route', as: 'Endpoint', properties: [...linked(toEndpoint), ...wide(330)] },
      { field: 'kind', as: 'Because', properties: [...worded(meanings, 'orange'), ...wide(260)] },
      { field: 'culprit', as: 'Culprit', properties: wide(280) },
      { field: 'phase', as: 'Most time in', properties: [...worded(phases), ...wide(190)] },
      { field: 'Value #A', as: 'Share', unit: 'percentunit' },
      {
        field: 'Value #E',
        as: 'Slow',
        unit: 'percentunit',
        properties: coloured([
          [0.05, 'orange'],
          [0.5, 'red'],
        ]),
      },
      { field: 'Value #C', as: 'p95', unit: 's' },
      { field: 'Value #F', as: 'Target', unit: 's' },
      {
        field: 'Value #D',
        as: 'Failed',
        unit: 'percentunit',
        properties: coloured([
          [0.001, 'orange'],
          [0.02, 'red'],
        ]),
      },
      { field: 'Value #B', as: 'Requests/s', unit: 'reqps' },
    ],
  })
