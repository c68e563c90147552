import { useAirports } from '../airports.ts'
import { day, longDay, timeAt } from '../formats.ts'
import { results } from '../words/results.ts'
import { Alert } from './alert.tsx'
import { ResultsDays, daysFrom } from './results-days.tsx'
import { ResultsList } from './results-list.tsx'
import { useDays } from './results-live.ts'
import type { Days, LiveFlights, Way } from './results-live.ts'
import { ResultsProblem } from './results-problem.tsx'
import type { Direction } from './results-trip.ts'

type Props = {
  direction: Direction
  way: Way
  live: LiveFlights
  /** The first day that can be chosen. */
  first: string
  chosen: string | undefined
  notBefore?: string | undefined
  error: string | undefined
  urlOf: (date: string) => string
  onChoose: (id: string) => void
  onMend: () => void
}

/** One way of the journey: its days, and the flights of the day. */
export const ResultsDirection = (props: Props) => {
  const { direction, way, live, first, error, urlOf, onMend } = props
  const said = results()
  const days = useDays(way)
  const { found, again } = live
  return (
    <section class="direction" id={direction} aria-labelledby={`${direction}-title`}>
      <h2 id={`${direction}-title`} tabIndex={-1}>
        {said[direction]}: <Places way={way} /> <small>{longDay(way.departure_date)}</small>
      </h2>
      <p id={`${direction}-error`} class="error" role="alert">
        {error}
      </p>
      {found?.problem ? (
        <ResultsProblem
          problem={found.problem}
          way={way}
          urlOf={urlOf}
          onRetry={again}
          onMend={onMend}
        />
      ) : (
        <>
          <ResultsDays
            label={`${said[direction]}: ${said.daysNear}`}
            date={way.departure_date}
            first={first}
            days={days}
            urlOf={urlOf}
          />
          <Flights {...props} days={days} />
        </>
      )}
    </section>
  )
}

const Places = ({ way: { origin, destination } }: { way: Way }) => {
  const airports = useAirports()
  const city = (code: string) => airports.find(({ iata_code }) => iata_code === code)?.city ?? code
  return (
    <>
      {city(origin)} → {city(destination)}
    </>
  )
}

const Flights = (props: Props & { days: Days | undefined }) => {
  const { direction, way, live, chosen, notBefore, error, urlOf, onChoose, days } = props
  const { found, busy } = live
  const said = results()
  if (!found) return <Waiting />
  if (found.flights.length === 0) return <Nothing way={way} days={days} urlOf={urlOf} />
  const isLate = ({ departs_at }: { departs_at: string }) => departs_at > (notBefore ?? '')
  const zone = found.flights[0]!.from.time_zone
  return (
    <>
      {!busy && !found.flights.some(isLate) && <Alert kind="info">{said.allTooEarly}</Alert>}
      <ResultsList
        direction={direction}
        flights={found.flights}
        busy={busy}
        way={found.way}
        chosen={chosen}
        notBefore={notBefore}
        errorId={error && `${direction}-error`}
        onChoose={onChoose}
      />
      <p class="hint">{found.stale ? said.stale(timeAt(found.seen_at, zone)) : said.live}</p>
    </>
  )
}

/** Room for what is on its way. */
const Waiting = () => (
  <div class="fare-waiting">
    <p class="visually-hidden" role="status">
      {results().loading}
    </p>
    <div class="fare-tools" />
    <div class="fare-card" />
    <div class="fare-card" />
    <div class="fare-card" />
  </div>
)

const NEAREST = 3

type NothingProps = { way: Way; days: Days | undefined; urlOf: (date: string) => string }

const Nothing = ({ way, days, urlOf }: NothingProps) => {
  const said = results()
  const distance = (date: string) => Math.abs(daysFrom(way.departure_date, date))
  const nearest = [...(days?.byDate.keys() ?? [])]
    .toSorted((a, b) => distance(a) - distance(b))
    .slice(0, NEAREST)
    .toSorted()
  return (
    <div class="card no-fares">
      <h3>{said.empty(longDay(way.departure_date))}</h3>
      <p>{nearest.length > 0 ? said.nearest : days && said.noneNear}</p>
      <div class="row">
        {nearest.map((date) => (
          <a key={date} class="button second" href={urlOf(date)}>
            {day(date)}
          </a>
        ))}
      </div>
    </div>
  )
}
