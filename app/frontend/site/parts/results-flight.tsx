import { dateAt, duration, money, timeAt } from '../formats.ts'
import { results } from '../words/results.ts'
import { daysFrom } from './results-days.tsx'
import type { Shown } from './results-live.ts'
import { FEW_SEATS, fareOf, reduced } from './results-prices.ts'

type Props = {
  flight: Shown
  group: string
  chosen: boolean
  tooEarly: boolean
  onChoose: () => void
}

/** A flight to choose, as a radio button that is all of its card. */
export const ResultsFlight = ({ flight, group, chosen, tooEarly, onChoose }: Props) => {
  const closed = Boolean(flight.gone) || tooEarly
  return (
    <label class="fare-card" data-closed={closed ? '' : undefined}>
      <input
        type="radio"
        name={group}
        value={flight.id}
        checked={chosen && !closed}
        disabled={closed}
        onChange={onChoose}
      />
      <Times flight={flight} />
      <Price flight={flight} />
      <Notes flight={flight} tooEarly={tooEarly} />
    </label>
  )
}

const Times = ({ flight }: { flight: Shown }) => {
  const { departs_at, arrives_at, departure_date, delay_minutes, from, to } = flight
  const later = daysFrom(departure_date, dateAt(arrives_at, to.time_zone))
  return (
    <span class="fare-times">
      <span>
        <strong>{timeAt(departs_at, from.time_zone)}</strong>
        <small>
          {from.iata_code} {delay_minutes > 0 && <Late minutes={delay_minutes} />}
        </small>
      </span>
      <span class="fare-path">
        <small>{duration(departs_at, arrives_at)}</small>
        <small>{flight.flight_number}</small>
      </span>
      <span>
        <strong>{timeAt(arrives_at, to.time_zone)}</strong>
        <small>
          {to.iata_code} {later > 0 && <b>{results().nextDay(later)}</b>}
        </small>
      </span>
    </span>
  )
}

const Late = ({ minutes }: { minutes: number }) => (
  <b>
    <span class="visually-hidden">{results().late} </span>+{minutes} min
  </b>
)

const Price = ({ flight }: { flight: Shown }) => {
  const said = results()
  const { lowest_fare, promotion } = flight
  return (
    <span class="fare-price">
      {promotion && (
        <small>
          <span class="visually-hidden">{said.before} </span>
          <s>{money(lowest_fare)}</s> <b class="fare-off">{said.off(promotion.percent)}</b>
        </small>
      )}
      <strong>{money(fareOf(flight))}</strong>
    </span>
  )
}

// One line that is always there, so that a note which comes with a refresh moves nothing.
const Notes = ({ flight, tooEarly }: { flight: Shown; tooEarly: boolean }) => {
  const said = results()
  const { gone, seats_left } = flight
  const open = !gone && !tooEarly
  return (
    <span class="fare-notes">
      {gone && <b class="note-bad">{said.gone}</b>}
      {!gone && tooEarly && <b class="note-bad">{said.tooEarly}</b>}
      {open && seats_left <= FEW_SEATS && <b class="note-few">{said.seatsLeft(seats_left)}</b>}
      {open && <PriceMove flight={flight} />}
      <small>{said.perAdult}</small>
    </span>
  )
}

const PriceMove = ({ flight }: { flight: Shown }) => {
  const { fare_before, promotion } = flight
  if (!fare_before) return null
  const by = fareOf(flight).amount - reduced(fare_before, promotion?.percent ?? 0).amount
  const sum = money({ ...fare_before, amount: Math.abs(by) })
  return by > 0 ? (
    <b class="note-few">{results().rose(sum)}</b>
  ) : (
    <b class="note-good">{results().dropped(sum)}</b>
  )
}
