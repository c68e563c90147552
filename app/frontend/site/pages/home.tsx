import { useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import { useAirports } from '../airports.ts'
import { api, ask } from '../api.ts'
import { dateAt, day, plusDays } from '../formats.ts'
import { language, named } from '../language.ts'
import { AirportInput } from '../parts/airport-input.tsx'
import { Counter } from '../parts/counter.tsx'
import { Field } from '../parts/field.tsx'
import { useTitle } from '../parts/use-title.ts'
import { recentSearches, rememberSearch, resultsUrl } from '../search-url.ts'
import { useSignal } from '../signal.ts'
import { beginTrip, readTrip } from '../trip.ts'
import type { Party, Search } from '../trip.ts'
import { home } from '../words/home.ts'
import '../style/home.css'

type Promotion = { percent: number; name_es: string; name_en: string } | null
type Errors = Partial<Record<'origin' | 'destination' | 'departure_date' | 'return_date', string>>

const usual: Search = {
  origin: 'BOG',
  destination: '',
  departure_date: '',
  party: { adults: 1, children: 0, infants: 0, pets: 0 },
}

export const Home = () => {
  useSignal(language)
  const said = home()
  useTitle(said.title)
  return (
    <>
      <div class="hero">
        <h1>{said.heading}</h1>
        <p>{said.lead}</p>
      </div>
      <SearchForm />
      <PromotionOnShow />
      <Recent />
      <ul class="promises">
        {said.promises.map(([title, text]) => (
          <li key={title} class="card">
            <h2>{title}</h2>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </>
  )
}

const SearchForm = () => {
  const { route } = useLocation()
  const said = home()
  const airports = useAirports()
  const [search, set] = useState<Search>(() => readTrip().search ?? usual)
  const [errors, setErrors] = useState<Errors>({})
  const change = (changes: Partial<Search>) => set((known) => ({ ...known, ...changes }))

  // Today is a matter of the place one leaves from.
  const zone = airports.find(({ iata_code }) => iata_code === search.origin)?.time_zone
  const today = dateAt(new Date(), zone ?? 'America/Bogota')

  const submit = (event: Event) => {
    event.preventDefault()
    const wrong = look(search, today)
    setErrors(wrong)
    if (Object.keys(wrong).length > 0) return
    rememberSearch(search)
    beginTrip(search)
    route(resultsUrl(search))
  }

  return (
    <form class="card search" onSubmit={submit} noValidate>
      <div class="places">
        <AirportInput
          label={said.from}
          value={search.origin}
          error={errors.origin}
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
          error={errors.destination}
          onChoose={(destination) => change({ destination })}
        />
      </div>
      <div class="days">
        <Field label={said.leave} error={errors.departure_date}>
          <input
            type="date"
            min={today}
            value={search.departure_date}
            onInput={(e) => change({ departure_date: e.currentTarget.value })}
          />
        </Field>
        <Field label={said.back} error={errors.return_date}>
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

const look = (search: Search, today: string): Errors => {
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

const PartyFields = ({ party, onChange }: { party: Party; onChange: (party: Party) => void }) => {
  const said = home()
  const { adults, children, infants, pets } = party
  const set = (changes: Partial<Party>) => {
    const next = { ...party, ...changes }
    // Each infant has a lap and each pet an owner: with fewer adults there are fewer of them.
    onChange({
      ...next,
      infants: Math.min(next.infants, next.adults),
      pets: Math.min(next.pets, next.adults, 6),
    })
  }
  return (
    <fieldset class="party">
      <legend>{said.who}</legend>
      <Counter
        label={said.adults}
        hint={said.adultsHint}
        value={adults}
        min={1}
        max={9 - children - infants}
        onChange={(n) => set({ adults: n })}
      />
      <Counter
        label={said.children}
        hint={said.childrenHint}
        value={children}
        min={0}
        max={9 - adults - infants}
        onChange={(n) => set({ children: n })}
      />
      <Counter
        label={said.infants}
        hint={said.infantsHint}
        value={infants}
        min={0}
        max={Math.min(adults, 9 - adults - children)}
        onChange={(n) => set({ infants: n })}
      />
      <Counter
        label={said.pets}
        hint={said.petsHint}
        value={pets}
        min={0}
        max={Math.min(adults, 6)}
        onChange={(n) => set({ pets: n })}
      />
    </fieldset>
  )
}

const PromotionOnShow = () => {
  const said = home()
  const [promotion, set] = useState<Promotion>(null)
  useEffect(() => {
    ask(api.flights.promotion.$get()).then(
      (answer) => set(answer.promotion),
      () => undefined,
    )
  }, [])
  // Its place is kept while it loads, so that nothing below it moves.
  return (
    <aside class="promotion" data-empty={promotion ? undefined : ''}>
      {promotion && (
        <>
          <strong>{said.promotion(promotion.percent)}</strong>
          <span>
            {named(promotion)}. {said.promotionHint}
          </span>
        </>
      )}
    </aside>
  )
}

const Recent = () => {
  const said = home()
  const searches = recentSearches().filter(
    ({ departure_date }) => departure_date >= plusDays(dateAt(new Date(), 'UTC'), -1),
  )
  if (searches.length === 0) return null
  return (
    <section>
      <h2>{said.recent}</h2>
      <ul class="recent">
        {searches.map((search) => (
          <li key={resultsUrl(search)}>
            <a class="card" href={resultsUrl(search)} onClick={() => beginTrip(search)}>
              <strong>
                {search.origin} → {search.destination}
              </strong>
              <small>
                {day(search.departure_date)} · {search.return_date ? said.roundTrip : said.oneWay}
              </small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
