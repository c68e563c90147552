import { useEffect, useState } from 'preact/hooks'
import { api, ask } from '../api.ts'
import { isUnclear } from '../until-clear.ts'

const loadFlight = (id: string) => ask(api.flights[':id'].$get({ param: { id } }))

export type Flight = Awaited<ReturnType<typeof loadFlight>>

const loaded = new Map<string, Flight>()
const AGAIN_MS = 4_000

/** The flights of a trip in their order; undefined until all of them are known, however often it takes. */
export const useFlights = (ids: string[]) => {
  const [failure, setFailure] = useState<unknown>()
  const [turn, setTurn] = useState(0)
  const missing = ids.filter((id) => !loaded.has(id))
  useEffect(() => {
    if (missing.length === 0) return undefined
    const again = () => setTurn(turn + 1)
    let timer: ReturnType<typeof setTimeout> | undefined
    Promise.all(
      missing.map(async (id) => {
        loaded.set(id, await loadFlight(id))
      }),
    ).then(
      () => {
        setFailure(undefined)
        again()
      },
      (error: unknown) => {
        setFailure(error)
        if (isUnclear(error)) timer = setTimeout(again, AGAIN_MS)
      },
    )
    return () => clearTimeout(timer)
  }, [missing.join(), turn])
  return { flights: missing.length > 0 ? undefined : ids.map((id) => loaded.get(id)!), failure }
}
