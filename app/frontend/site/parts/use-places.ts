import { useEffect, useState } from 'preact/hooks'
import { api, ask } from '../api.ts'

export type Places = { pets: number; infants: number }

/** How many pets and lap infants every flight of the trip still has room for. */
export const usePlaces = (flight_ids: string[]): Places | undefined => {
  const [places, set] = useState<Places | undefined>()
  useEffect(() => {
    Promise.all(flight_ids.map((id) => ask(api.flights[':id'].seats.$get({ param: { id } })))).then(
      (maps) =>
        set({
          pets: Math.min(...maps.map(({ pet_places_left }) => pet_places_left)),
          infants: Math.min(...maps.map(({ infant_places_left }) => infant_places_left)),
        }),
      () => undefined,
    )
  }, [flight_ids.join()])
  return places
}
