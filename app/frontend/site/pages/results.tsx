import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { useAirports } from '../airports.ts'
import { dateAt } from '../formats.ts'
import { language } from '../language.ts'
import { Alert } from '../parts/alert.tsx'
import { ResultsDirection } from '../parts/results-direction.tsx'
import { useFlights } from '../parts/results-live.ts'
import type { LiveFlights, Way } from '../parts/results-live.ts'
import { ResultsSummary } from '../parts/results-summary.tsx'
import { choiceUrl, keepFlights, keepSearch } from '../parts/results-trip.ts'
import type { Choice, Direction } from '../parts/results-trip.ts'
import { Steps } from '../parts/steps.tsx'
import { useTitle } from '../parts/use-title.ts'
import { searchOf } from '../search-url.ts'
import { useSignal } from '../signal.ts'
import { seatsNeeded } from '../trip.ts'
import type { Search } from '../trip.ts'
import { results } from '../words/results.ts'
import '../style/results.css'

export const Results = () => {
  useSignal(language)
  const { query } = useLocation()
  const search = searchOf(query)
  const said = results()
  const route = search ? `${search.origin} → ${search.destination}` : ''
  useTitle(said.title(route).trim())
  return (
    <>
      <Steps at={1} />
      <h1>{said.title(route)}</h1>
      {search ? (
        <Journey search={search} choice={{ there: query.there, back: query.back }} />
      ) : (
        <Alert>
          <p>{said.incomplete}</p>
          <a class="button" href="/">
            {said.change}
          </a>
        </Alert>
      )}
    </>
  )
}

const waysOf = ({ origin, destination, departure_date, return_date, party }: Search) => {
  const passengers = seatsNeeded(party)
  const there: Way = { origin, destination, departure_date, passengers }
  const back: Way | undefined = return_date
    ? { origin: destination, destination: origin, departure_date: return_date, passengers }
    : undefined
  return { there, back }
}

/** The chosen flight of the list on the page, as long as it can be flown. */
const chosenOf = ({ found, busy }: LiveFlights, id: string | undefined, notBefore = '') =>
  busy
    ? undefined
    : found?.flights.find(
        (flight) => flight.id === id && !flight.gone && flight.departs_at > notBefore,
      )

type Live = Record<Direction, LiveFlights>

const chosenBoth = (live: Live, choice: Choice) => {
  const there = chosenOf(live.there, choice.there)
  // Until a flight is chosen, what none of them could catch is shown as such.
  const arrivals = live.there.busy ? [] : (live.there.found?.flights ?? [])
  const notBefore = there?.arrives_at ?? arrivals.map(({ arrives_at }) => arrives_at).toSorted()[0]
  return { there, back: chosenOf(live.back, choice.back, notBefore), notBefore }
}

/** The address of another day for one of the ways; what is chosen for the other stays. */
const daysOf = (search: Search, choice: Choice) => ({
  there: (departure_date: string) => {
    const { return_date } = search
    // A return that would precede its outbound moves along with it.
    const moved = return_date && return_date < departure_date ? departure_date : return_date
    return choiceUrl({ ...search, departure_date, return_date: moved }, { back: choice.back })
  },
  back: (return_date: string) => choiceUrl({ ...search, return_date }, { there: choice.there }),
})

const useToday = (origin: string) => {
  const zone = useAirports().find(({ iata_code }) => iata_code === origin)?.time_zone
  return dateAt(new Date(), zone ?? 'America/Bogota')
}

const Journey = ({ search, choice }: { search: Search; choice: Choice }) => {
  const said = results()
  const { route } = useLocation()
  const ways = waysOf(search)
  const live = { there: useFlights(ways.there), back: useFlights(ways.back) }
  const { there, back, notBefore } = chosenBoth(live, choice)
  const [missing, setMissing] = useState<Direction>()
  const today = useToday(search.origin)
  const urls = daysOf(search, choice)

  const choose = (changed: Choice) => {
    setMissing(undefined)
    route(choiceUrl(search, { ...choice, ...changed }), true)
  }
  const pointAt = (direction: Direction) => {
    setMissing(direction)
    document.getElementById(direction)?.scrollIntoView()
    document.getElementById(`${direction}-title`)?.focus({ preventScroll: true })
  }
  const goOn = () => {
    if (!there) return pointAt('there')
    if (ways.back && !back) return pointAt('back')
    keepFlights(search, back ? [there, back] : [there])
    return route('/seats')
  }

  const mend = () => keepSearch(search)
  return (
    <div class="results">
      <p class="row">
        {said.party(search.party)}
        <a href="/" onClick={mend}>
          {said.change}
        </a>
      </p>
      <ResultsDirection
        direction="there"
        way={ways.there}
        live={live.there}
        first={today}
        chosen={choice.there}
        error={missing === 'there' ? said.needThere : undefined}
        urlOf={urls.there}
        onChoose={(id) => choose({ there: id })}
        onMend={mend}
      />
      {ways.back && live.there.found && !live.there.found.problem && (
        <ResultsDirection
          direction="back"
          way={ways.back}
          live={live.back}
          first={search.departure_date}
          chosen={choice.back}
          notBefore={notBefore}
          error={missing === 'back' ? said.needBack : undefined}
          urlOf={urls.back}
          onChoose={(id) => choose({ back: id })}
          onMend={mend}
        />
      )}
      {live.there.found?.flights.length !== 0 && (
        <ResultsSummary
          there={there}
          back={ways.back && { flight: back }}
          party={search.party}
          onContinue={goOn}
        />
      )}
    </div>
  )
}
