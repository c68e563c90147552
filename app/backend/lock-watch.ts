import { Gauge } from 'prom-client'
import type { Database } from './kernel/database.ts'
import { registry } from './kernel/metrics.ts'
import { sql } from './kernel/sql.ts'

type Wait = { query: string; holder: string; sessions: number }

const waiters = new Gauge({
  name: 'db_lock_waiters',
  help: 'Sessions that wait for a lock, and the statement of who holds it.',
  labelNames: ['query', 'holder'] as const,
  registers: [registry],
})

/**
 * Who waits for whom, as PostgreSQL sees it now: to the one that waits, a lock is only a slow statement.
 * Named by the comments of our statements; the last one of an idle transaction is the one it took locks by.
 */
export const watchLocks = async ({ db }: { db: Database }) => {
  const waits = await db.rows<Wait>(sql('operations.lock_waits')`
    select coalesce(substring(waiting.query from '^/\\* q=([\\w.]+)'), 'other') as query,
           coalesce(substring(holder.query from '^/\\* q=([\\w.]+)'), holder.application_name) as holder,
           count(distinct waiting.pid)::int as sessions
      from pg_stat_activity waiting
     cross join lateral unnest(pg_blocking_pids(waiting.pid)) as blocking (pid)
      join pg_stat_activity holder on holder.pid = blocking.pid
     where waiting.wait_event_type = 'Lock'
       and holder.wait_event_type is distinct from 'Lock'
  group by 1, 2`)
  waiters.reset()
  waiters.set({ query: 'none', holder: 'none' }, 0)
  for (const { query, holder, sessions } of waits) waiters.set({ query, holder }, sessions)
}
