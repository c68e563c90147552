import { useEffect, useState } from 'preact/hooks'
import { api, ask } from '../api.ts'
import { dateAt, day, plusDays } from '../formats.ts'
import { language } from '../language.ts'
import { SearchForm } from '../parts/search-form.tsx'
import { useTitle } from '../parts/use-title.ts'
import { recentSearches, resultsUrl } from '../search-url.ts'
import { useSignal } from '../signal.ts'
import { beginTrip } from '../trip.ts'
import { home } from '../words/home.ts'
import '../style/home.css'

type Promotion = { percent: number } | null

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
          <span>{said.promotionHint}</span>
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
