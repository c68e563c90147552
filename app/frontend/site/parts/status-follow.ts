import { useEffect, useState } from 'preact/hooks'
import type { InferResponseType } from 'hono/client'
import { api, ask } from '../api.ts'

export type Flight = InferResponseType<(typeof api.flights)[':id']['$get'], 200>
export type Status = InferResponseType<(typeof api.flights)[':id']['status']['$get'], 200>

type Followed = { flight?: Flight; status?: Status; problem?: unknown; live: boolean }

const REOPEN_MS = 10_000

/** A flight and its status, which the server sends anew at each change. */
export const useFollowed = (id: string) => {
  const [followed, set] = useState<Followed>({ live: false })
  const [tries, setTries] = useState(0)
  useEffect(() => {
    const leave = new AbortController()
    const change = (changes: Partial<Followed>) =>
      leave.signal.aborted || set((known) => ({ ...known, ...changes }))
    set({ live: false })
    first(id).then(
      (found) => {
        change(found)
        follow(id, leave.signal, change)
      },
      (problem: unknown) => change({ problem }),
    )
    return () => leave.abort()
  }, [id, tries])
  return { ...followed, again: () => setTries(tries + 1) }
}

const first = async (id: string) => {
  const [flight, status] = await Promise.all([
    ask(api.flights[':id'].$get({ param: { id } })),
    ask(api.flights[':id'].status.$get({ param: { id } })),
  ])
  return { flight, status }
}

const follow = (
  id: string,
  left: AbortSignal,
  change: (changes: { status?: Status; live: boolean }) => void,
) => {
  if (left.aborted) return
  const events = new EventSource(`/api/flights/${encodeURIComponent(id)}/status/events`)
  const leave = () => events.close()
  left.addEventListener('abort', leave)
  events.addEventListener('open', () => change({ live: true }))
  events.addEventListener('status', ({ data }: MessageEvent<string>) =>
    change({ status: JSON.parse(data) as Status, live: true }),
  )
  events.addEventListener('error', () => {
    change({ live: false })
    // The browser comes back by itself from a cut, but a refusal it takes for the end.
    if (events.readyState !== EventSource.CLOSED) return
    left.removeEventListener('abort', leave)
    setTimeout(() => follow(id, left, change), REOPEN_MS)
  })
}
