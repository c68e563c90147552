import { useEffect, useState } from 'preact/hooks'
import { api, ask } from '../api.ts'

const loadFlight = (id: string) => ask(api.flights[':id'].$get({ param: { id } }))

export type Flight = Awaited<ReturnType<typeof loadFlight>>

const loaded = new Map<string, Flight>()

/** The flights of a trip in their order; undefined until all of them are known. */
export const useFlights = (ids: string[]) => {
  const [failure, setFailure] = useState<unknown>()
  const [, again] = useState(0)
  const missing = ids.filter((id) => !loaded.has(id))
  useEffect(() => {
    if (missing.length === 0) return
    Promise.all(
      missing.map(async (id) => {
        loaded.set(id, await loadFlight(id))
      }),
    ).then(() => again((n) => n + 1), setFailure)
  }, [missing.join()])
  return { flights: missing.length > 0 ? undefined : ids.map((id) => loaded.get(id)!), failure }
}
