import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { useTrip } from '../trip.ts'

/** The trip that is being put together; without one, whoever came here goes to where it begins. */
export const useReadyTrip = () => {
  const { route } = useLocation()
  const trip = useTrip()
  const { search } = trip
  const isReady = search !== undefined && trip.flight_ids.length > 0
  useEffect(() => {
    if (!isReady) route('/', true)
  }, [isReady])
  return { trip, search: isReady ? search : undefined }
}
