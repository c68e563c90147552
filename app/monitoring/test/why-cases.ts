import { at, build, counter, gauge, held, loop, phases, route, statement } from './why-series.ts'

/** Measurements as they would be, and what must be said of them. A sample is 10 seconds. */
export type WhyCase = {
  story: string
  series: Record<string, string>
  verdicts: Record<string, string>[]
}

const search = '/api/flights'
const book = '/api/bookings'
const slow = { perSample: 100, slow: 50 }

const verdict = (
  name: string,
  kind: string,
  culprit: string,
  phase: string,
  symptom = phase === 'errors' ? 'errors' : 'slow',
) => ({ route: name, symptom, phase, kind, culprit })

export const whyCases: WhyCase[] = [
  {
    story: 'all is well: nothing is said',
    series: {
      ...route(search),
      ...phases(search, {}),
      ...statement(search, 'flights.search', 100, 1),
      ...held(search, 1.5),
    },
    verdicts: [],
  },
  {
    story: 'three slow requests in a minute prove nothing',
    series: { ...route(search, { perSample: 0.5, slow: 0.5 }), ...phases(search, { db: 5 }) },
    verdicts: [],
  },
  {
    story: 'a statement is slow',
    series: {
      ...route(search, slow),
      ...phases(search, { db: 40, app: 2 }),
      ...statement(search, 'flights.search', 100, 45),
      ...statement(search, 'seats.count', 100, 1),
      ...held(search, 46),
    },
    verdicts: [verdict(search, 'statement', 'flights.search', 'db')],
  },
  {
    story: 'a slow statement of one route takes all connections; the others wait for one',
    series: {
      ...route(search, slow),
      ...phases(search, { db: 60, pool: 30 }),
      ...statement(search, 'flights.search', 100, 90),
      ...held(search, 90),
      ...route(book, slow),
      ...phases(book, { pool: 40, db: 2 }),
      ...statement(book, 'bookings.insert', 100, 2),
      ...held(book, 3),
    },
    verdicts: [
      verdict(search, 'statement', 'flights.search', 'db'),
      verdict(book, 'statement', 'flights.search', 'pool'),
    ],
  },
  {
    story: 'a statement is sent forty times in each request',
    series: {
      ...route(search, slow),
      ...phases(search, { db: 25, app: 10, pool: 20 }),
      ...statement(search, 'seats.count', 4000, 60),
      ...held(search, 60),
    },
    verdicts: [verdict(search, 'repeated', 'seats.count', 'db')],
  },
  {
    story: 'the pool is too small, and statements are fast',
    series: {
      ...route(search, slow),
      ...phases(search, { pool: 60, db: 2 }),
      ...statement(search, 'flights.search', 100, 1),
      ...held(search, 2),
    },
    verdicts: [verdict(search, 'pool', 'connection pool', 'pool')],
  },
  {
    story: 'a route takes connections and does something else meanwhile',
    series: {
      ...route(search, slow),
      ...phases(search, { pool: 60 }),
      ...statement(search, 'flights.search', 100, 1),
      ...held(search, 1),
      ...route(book, { perSample: 20 }),
      ...statement(book, 'bookings.insert', 20, 1),
      ...held(book, 90),
    },
    verdicts: [verdict(search, 'holder', book, 'pool')],
  },
  {
    story: 'a transaction holds a lock, and PostgreSQL was asked whose',
    series: {
      ...route(book, slow),
      ...phases(book, { db: 60 }),
      ...statement(book, 'seats.claim', 100, 60),
      ...held(book, 61),
      'db_lock_waiters{job="worker",query="seats.claim",holder="job:nightly"}': gauge(4),
    },
    verdicts: [verdict(book, 'lock', 'job:nightly', 'db')],
  },
  {
    story: 'a job leaves its transaction open, and nobody asked PostgreSQL',
    series: {
      ...route(book, slow),
      ...phases(book, { db: 60 }),
      ...statement(book, 'seats.claim', 100, 60),
      ...held(book, 61),
      'db_pool_checkout_seconds_total{job="worker",instance="w",route="job:nightly"}': counter(9),
      'db_query_seconds_total{job="worker",instance="w",route="job:nightly",query="x"}':
        counter(0.1),
    },
    verdicts: [verdict(book, 'idle_transaction', 'job:nightly', 'db')],
  },
  {
    story: 'a statement waits for a lock until it gives up',
    series: {
      ...route(book, slow),
      ...phases(book, { db: 60 }),
      ...statement(book, 'seats.claim', 100, 60),
      ...held(book, 61),
      [`db_query_errors_total{${at()},query="seats.claim",code="55"}`]: counter(10),
    },
    verdicts: [verdict(book, 'lock_timeout', 'seats.claim', 'db')],
  },
  {
    story: 'another route burns the processor: the database is not blamed',
    series: {
      ...route(search, slow),
      ...phases(search, { queue: 10, loop: 30, db: 5 }),
      ...statement(search, 'flights.search', 100, 40),
      ...route('/api/reports', { perSample: 10, slow: 10 }),
      ...phases('/api/reports', { app: 9 }),
      ...loop({ active: 9.5, cpu: 9.3, ran: { [search]: 0.5, '/api/reports': 8.5 } }),
    },
    verdicts: [
      verdict(search, 'blocker', '/api/reports', 'loop'),
      verdict('/api/reports', 'own', '/api/reports', 'app'),
    ],
  },
  {
    story: 'the load is more than one event loop can do, by all routes together',
    series: {
      ...route(search, slow),
      ...phases(search, { queue: 10, loop: 30, db: 5 }),
      ...loop({ active: 9.9, cpu: 9.5, ran: { [search]: 3, [book]: 2.5, '/api/offers': 2.4 } }),
    },
    verdicts: [verdict(search, 'busy', search, 'loop')],
  },
  {
    story: 'a neighbour has the processor',
    series: {
      ...route(search, slow),
      ...phases(search, { loop: 30, app: 5 }),
      ...loop({ active: 9, cpu: 3, ran: { [search]: 3, [book]: 3 } }),
    },
    verdicts: [verdict(search, 'starved', 'processor', 'loop')],
  },
  {
    story: 'memory grows until collecting it is most of the work',
    series: {
      ...route(search, slow),
      ...phases(search, { loop: 30, app: 20 }),
      [`nodejs_gc_seconds_total{${at()},kind="major"}`]: counter(3),
    },
    verdicts: [verdict(search, 'garbage', 'garbage collection', 'loop')],
  },
  {
    story: 'the heap stays full after each collection',
    series: {
      ...route(search),
      [`nodejs_heap_size_used_bytes{${at()}}`]: gauge(150),
      [`nodejs_heap_limit_bytes{${at()}}`]: gauge(160),
    },
    verdicts: [verdict('(every route)', 'memory', 'a', 'memory', 'memory')],
  },
  {
    story: 'writing the log stops the process',
    series: {
      ...route(search, slow),
      ...phases(search, { app: 30, loop: 10 }),
      [`log_write_seconds_total{${at()}}`]: counter(4),
    },
    verdicts: [verdict(search, 'logging', 'log writing', 'app')],
  },
  {
    story: 'a partner is slow',
    series: {
      ...route(book, slow),
      ...phases(book, { external: 60, db: 2 }),
      [`external_request_seconds_total{${at()},route="${book}",peer="payments.charge"}`]:
        counter(60),
      [`external_request_duration_seconds_count{${at()},peer="payments.charge",outcome="ok"}`]:
        counter(100),
    },
    verdicts: [verdict(book, 'partner', 'payments.charge', 'external')],
  },
  {
    story: 'a partner fails fast: nobody is slow, and its callers are named',
    series: {
      ...route(book),
      [`external_request_seconds_total{${at()},route="${book}",peer="payments.charge"}`]:
        counter(1),
      [`external_request_duration_seconds_count{${at()},peer="payments.charge",outcome="ok"}`]:
        counter(40),
      [`external_request_duration_seconds_count{${at()},peer="payments.charge",outcome="503"}`]:
        counter(60),
    },
    verdicts: [verdict(book, 'failing_partner', 'payments.charge', 'errors')],
  },
  {
    story: 'a statement breaks a rule',
    series: {
      ...route(book, { perSample: 100, failed: 20 }),
      ...statement(book, 'bookings.insert', 100, 1),
      [`db_query_errors_total{${at()},query="bookings.insert",code="42"}`]: counter(20),
    },
    verdicts: [verdict(book, 'failing_statement', 'bookings.insert SQLSTATE 42', 'errors')],
  },
  {
    story: 'nobody gets a connection in time',
    series: {
      ...route(book, { perSample: 100, failed: 20 }),
      [`db_pool_timeouts_total{${at()}}`]: counter(20),
    },
    verdicts: [verdict(book, 'pool_timeout', 'connection pool', 'errors')],
  },
  {
    story: 'a route throws',
    series: route(book, { perSample: 100, failed: 20 }),
    verdicts: [verdict(book, 'own_errors', book, 'errors')],
  },
  {
    story: 'a new version is three times slower than the one beside it',
    series: {
      ...build('1', 'a', 100),
      ...build('2', 'b', 900),
      ...route(search, { instance: 'a', mean: 0.1 }),
      ...route(search, { instance: 'b', mean: 0.5, slow: 60 }),
      ...phases(search, { app: 30 }),
    },
    verdicts: [verdict(search, 'release', '2', 'app')],
  },
  {
    story: 'a new version fails where the one before did not',
    series: {
      ...build('1', 'a', 100),
      ...build('2', 'b', 900),
      ...route(search, { instance: 'a' }),
      ...route(search, { instance: 'b', failed: 30 }),
    },
    verdicts: [verdict(search, 'failing_release', '2', 'errors')],
  },
  {
    story: 'both versions are slow alike: it is not the release',
    series: {
      ...build('1', 'a', 100),
      ...build('2', 'b', 900),
      ...route(search, { instance: 'a', mean: 0.5, slow: 60 }),
      ...route(search, { instance: 'b', mean: 0.5, slow: 60 }),
      ...phases(search, { db: 30 }),
      ...statement(search, 'flights.search', 100, 30),
    },
    verdicts: [verdict(search, 'statement', 'flights.search', 'db')],
  },
]
