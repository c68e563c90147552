import type { Kind } from './why/rules.ts'

/** What to do about each kind of cause, first things first. */
export const remedies: Record<Kind, string> = {
  release: 'roll back (npm run rollback), then look at what the release changed',
  failing_release: 'roll back (npm run rollback), then look at what the release changed',
  repeated: 'ask once for all of them: one statement with = any (…) instead of one for each',
  lock: 'end the holder if it hangs (pg_terminate_backend), then make its transaction short',
  idle_transaction: 'do nothing slow between begin and commit; end it if it hangs',
  lock_timeout: 'find who holds the lock: pg_stat_activity, pg_blocking_pids',
  garbage: 'take a heap snapshot; look for a cache without a bound; restart to win time',
  logging: 'log less or elsewhere: LOG_LEVEL, LOG_EVERY, and never to a destination that blocks',
  statement: 'explain it: an index is missing, its plan has changed, or it reads too much',
  holder: 'do nothing slow while a connection is held',
  pool: 'raise DB_POOL_MAX, or add processes, within max_connections of PostgreSQL',
  partner: 'ask the partner; meanwhile a shorter time-out (PAYMENT_TIMEOUT_MS) protects the rest',
  blocker: 'move its work off the event loop: a worker thread, or do less of it',
  starved: 'see who else uses the machine, and whether a limit throttles the container',
  busy: 'add processes; it does what it should, and there is too much of it',
  failing_partner: 'ask the partner; what was not answered is settled when it comes back',
  failing_statement: 'look at its error in the log; a migration may be missing',
  pool_timeout: 'see who keeps the connections: the Database dashboard, by route',
  own: 'profile it: node --cpu-prof',
  own_errors: 'look for its errors in the log, by route',
  memory: 'take a heap snapshot; look for a cache without a bound; restart to win time',
}
