import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { useAirports } from '../airports.ts'
import { dateAt } from '../formats.ts'
import { rememberSearch, resultsUrl } from '../search-url.ts'
import { beginTrip, readTrip } from '../trip.ts'
import type { Search } from '../trip.ts'
import { home } from '../words/home.ts'
import { AirportInput } from './airport-input.tsx'
import { Field } from './field.tsx'
import { PartyFields } from './party-fields.tsx'
import { useAttempt } from './use-attempt.ts'
import type { Wrong } from './use-attempt.ts'

const usual: Search = {
  origin: 'BOG',
  destination: '',
  departure_date: '',
  party: { adults: 1, children: 0, infants: 0, pets: 0 },
}

/** From where to where, when and with whom; it begins with what was looked for last. */
export const SearchForm = () => {
  const said = home()
  const { route } = useLocation()
  const airports = useAirports()
  const [search, set] = useState<Search>(() => readTrip().search ?? usual)
  const change = (changes: Partial<Search>) => set((known) => ({ ...known, ...changes }))

  // Today is a matter of the place one leaves from.
  const zone = airports.find(({ iata_code }) => iata_code === search.origin)?.time_zone
  const today = dateAt(new Date(), zone ?? 'America/Bogota')

  const { form, wrong, onSubmit } = useAttempt<Fields>({
    look: () => look(search, today),
    send: async () => {
      rememberSearch(search)
      beginTrip(search)
      route(resultsUrl(search))
    },
    wrongOf: () => ({}),
  })
  return (
    <form ref={form} class="card search" onSubmit={onSubmit} noValidate>
      <div class="places">
        <AirportInput
          label={said.from}
          value={search.origin}
          error={wrong.origin}
          onChoose={(origin) => change({ origin })}
        />
        <button
          type="button"
          class="second swap"
          aria-label={said.swap}
          onClick={() => change({ origin: search.destination, destination: search.origin })}
        >
          ⇄
        </button>
        <AirportInput
          label={said.to}
          value={search.destination}
          error={wrong.destination}
          onChoose={(destination) => change({ destination })}
        />
      </div>
      <div class="days">
        <Field label={said.leave} error={wrong.departure_date}>
          <input
            type="date"
            min={today}
            value={search.departure_date}
            onInput={(e) => change({ departure_date: e.currentTarget.value })}
          />
        </Field>
        <Field label={said.back} hint={said.backHint} error={wrong.return_date}>
          <input
            type="date"
            min={search.departure_date || today}
            value={search.return_date ?? ''}
            onInput={(e) => change({ return_date: e.currentTarget.value || undefined })}
          />
        </Field>
      </div>
      <PartyFields party={search.party} onChange={(party) => change({ party })} />
      <button type="submit" class="go">
        {said.search}
      </button>
    </form>
  )
}

type Fields = 'origin' | 'destination' | 'departure_date' | 'return_date'

const look = (search: Search, today: string): Wrong<Fields> => {
  const said = home()
  const { origin, destination, departure_date, return_date } = search
  return {
    ...(!origin && { origin: said.needPlace }),
    ...(!destination && { destination: said.needPlace }),
    ...(origin && origin === destination && { destination: said.samePlace }),
    ...((!departure_date || departure_date < today) && { departure_date: said.needDay }),
    ...(return_date && return_date < departure_date && { return_date: said.backEarly }),
  }
}
