import pg from 'pg'
import type { Logger } from '../../kernel/logger.ts'

type Listener = () => void

/**
 * Wakes whoever watches a flight when its status changes, in any process: one connection of its own
 * listens. A notice is only a wake-up; the listener reads the database for what is true.
 */
export const createStatusFeed = (connectionString: string, logger: Logger) => {
  const watchers = new Map<string, Set<Listener>>()
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  let closed = false

  const wakeAll = () => watchers.forEach((listeners) => listeners.forEach((wake) => wake()))

  const connect = async () => {
    const fresh = new pg.Client({ connectionString, application_name: 'aeroflash-status-feed' })
    fresh.on('error', () => lost(fresh))
    fresh.on('end', () => lost(fresh))
    fresh.on('notification', ({ payload }) =>
      watchers.get(payload ?? '')?.forEach((wake) => wake()),
    )
    client = fresh
    try {
      await fresh.connect()
      await fresh.query('listen flight_status')
      // What was said while nobody listened is read now.
      wakeAll()
    } catch (error) {
      logger.warn({ err: error }, 'status feed cannot listen')
      lost(fresh)
    }
  }

  const lost = (which: pg.Client) => {
    if (closed || client !== which) return
    client = undefined
    which.end().catch(() => undefined)
    retry = setTimeout(() => void connect(), 1_000)
  }

  return {
    /** Connects at the first watcher: a process that streams nothing holds no connection. */
    watch: (flightId: string, wake: Listener) => {
      if (!client && !retry && !closed) void connect()
      const listeners = watchers.get(flightId) ?? new Set()
      watchers.set(flightId, listeners.add(wake))
      return () => {
        listeners.delete(wake)
        if (listeners.size === 0) watchers.delete(flightId)
      }
    },
    close: async () => {
      closed = true
      clearTimeout(retry)
      await client?.end().catch(() => undefined)
    },
  }
}

export type StatusFeed = ReturnType<typeof createStatusFeed>
