import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { ApiEnv } from '../../kernel/api.ts'
import type { Database } from '../../kernel/database.ts'
import { Problem } from '../../kernel/problems.ts'
import { findStatus } from './queries/find-status.ts'
import type { Status } from './queries/find-status.ts'
import type { StatusFeed } from './status-feed.ts'

export type Needs = {
  db: Database
  statusFeed: StatusFeed
  /** Aborted when streams that begin now are to end. */
  ending: () => AbortSignal
}

// Proxies cut what is silent for a minute; and a lost notice is made good at the next look.
const LOOK_SECONDS = 15

/** Sends the status and then each change, until the client leaves or this process ends its streams. */
export const streamStatus = (c: Context<ApiEnv>, needs: Needs, first: Status) => {
  // Nobody reads the body of a HEAD: its stream would wait for a reader for ever.
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' })
  c.set('is_stream', true)
  c.header('X-Accel-Buffering', 'no')
  const ending = needs.ending()
  return streamSSE(c, async (stream) => {
    const bell = createBell()
    const unwatch = needs.statusFeed.watch(first.flight_id, bell.ring)
    stream.onAbort(bell.ring)
    ending.addEventListener('abort', bell.ring)
    try {
      let shown = Number(c.req.header('last-event-id') ?? -1)
      let now: Status | undefined = first
      while (now && !stream.aborted) {
        if (now.seq > shown) {
          await stream.writeSSE({ event: 'status', id: String(now.seq), data: JSON.stringify(now) })
          shown = now.seq
        } else {
          await stream.write(': still here\n\n')
        }
        if (ending.aborted) break
        await bell.wait(LOOK_SECONDS * 1000)
        if (!stream.aborted) now = await lookAgain(needs, now)
      }
    } finally {
      unwatch()
      ending.removeEventListener('abort', bell.ring)
    }
  })
}

// A database that is away for a while ends no stream: a page that came back then would meet a 503, at
// which EventSource gives up for good.
const lookAgain = (needs: Needs, last: Status) =>
  findStatus(needs, last.flight_id).catch((error: unknown) => {
    if (error instanceof Problem && error.slug === 'dependency-unavailable') return last
    throw error
  })

/** A wake-up that is not lost when it rings before somebody waits. */
const createBell = () => {
  let rung = false
  let answer: (() => void) | undefined
  return {
    ring: () => {
      rung = true
      answer?.()
    },
    wait: async (milliseconds: number) => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          answer = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      rung = false
      answer = undefined
    },
  }
}
