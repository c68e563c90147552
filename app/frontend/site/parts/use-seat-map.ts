import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { api, ask } from '../api.ts'

const AGAIN_MS = 1_500

const loadMap = (id: string) => ask(api.flights[':id'].seats.$get({ param: { id } }))

export type SeatMap = Awaited<ReturnType<typeof loadMap>>

/** The seats of a flight, read again and again while the page is looked at. */
export const useSeatMap = (flight_id: string) => {
  const [map, setMap] = useState<SeatMap | undefined>()
  const [failure, setFailure] = useState<unknown>()
  const asked = useRef(0)

  const refresh = useCallback(async () => {
    const turn = ++asked.current
    try {
      const fresh = await loadMap(flight_id)
      // An older answer that comes late must not bring back a seat that is gone.
      if (turn !== asked.current) return
      setMap(fresh)
      setFailure(undefined)
    } catch (error) {
      if (turn === asked.current) setFailure(error)
    }
  }, [flight_id])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let over = false
    const tick = async () => {
      if (document.visibilityState === 'visible') await refresh()
      if (!over) timer = setTimeout(() => void tick(), AGAIN_MS)
    }
    const seen = () => {
      if (document.visibilityState === 'visible') void refresh()
    }
    void tick()
    document.addEventListener('visibilitychange', seen)
    return () => {
      over = true
      asked.current++
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [refresh])

  return { map: map?.flight_id === flight_id ? map : undefined, failure, refresh }
}
