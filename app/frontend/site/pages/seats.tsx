import { useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import { dateAt, day, timeAt } from '../formats.ts'
import { language } from '../language.ts'
import { Alert } from '../parts/alert.tsx'
import { HoldTimer } from '../parts/hold-timer.tsx'
import { holdOf, release, sameSeats } from '../parts/holds.ts'
import { choiceOf, forgetChoices, isComplete, settle, useChoices } from '../parts/seat-choice.ts'
import { SeatPicker } from '../parts/seat-picker.tsx'
import { ChosenSeats, SeatNews, wayOf } from '../parts/seat-summary.tsx'
import { Steps } from '../parts/steps.tsx'
import { useFlights } from '../parts/use-flights.ts'
import type { Flight } from '../parts/use-flights.ts'
import { useReadyTrip } from '../parts/use-ready-trip.ts'
import { useTitle } from '../parts/use-title.ts'
import { useSignal } from '../signal.ts'
import { seatsNeeded } from '../trip.ts'
import type { Search, Trip } from '../trip.ts'
import { sentenceFor } from '../words/problems.ts'
import { seatsWords } from '../words/seats.ts'
import '../style/seats.css'

export const Seats = () => {
  useSignal(language)
  const said = seatsWords()
  useTitle(said.title)
  const { trip, search } = useReadyTrip()
  return <>{search && <Chooser trip={trip} search={search} />}</>
}

const Chooser = ({ trip, search }: { trip: Trip; search: Search }) => {
  const said = seatsWords()
  useChoices()
  const { flights, failure } = useFlights(trip.flight_ids)
  const needed = seatsNeeded(search.party)
  useStrays(trip, needed)
  const ids = trip.flight_ids
  const { at, show, news, tell, go, skip, drop } = useMoves(trip, needed, flights)
  const flight_id = ids[at]!
  const open = ids.findIndex((id) => !isComplete(id, needed))
  const ended = () => {
    forgetChoices()
    tell(said.ended)
  }

  return (
    <div class="seats">
      <Steps at={2} />
      <h1>{said.title}</h1>
      <p>
        {said.lead(needed)} {search.party.infants > 0 && said.infants}
      </p>
      {trip.booking && (
        <Alert kind="info">
          {said.booked(trip.booking.booking_reference)} <a href="/payment">{said.pay}</a>
        </Alert>
      )}
      {failure !== undefined && <Alert>{sentenceFor(failure)}</Alert>}
      {ids.length > 1 && <FlightTabs ids={ids} flights={flights} {...{ at, needed, show }} />}
      <div class="grid aside">
        <SeatPicker key={flight_id} flight_id={flight_id} flight={flights?.[at]} needed={needed} />
        <aside class="seats-bar side-bar card" aria-label={said.yours}>
          <HoldTimer onEnd={ended} />
          <ChosenSeats ids={ids} flights={flights} needed={needed} />
          <SeatNews flight_id={flight_id} needed={needed} />
          {news && <Alert>{news}</Alert>}
          <div class="moves">
            <button type="button" onClick={() => void go()}>
              {open >= 0 && open !== at && isComplete(flight_id, needed) ? said.next : said.on}
            </button>
            <button type="button" class="plain" onClick={() => void (open < 0 ? drop() : skip())}>
              {open < 0 ? said.drop : said.skip}
            </button>
          </div>
        </aside>
      </div>
    </div>
  )
}

/** From flight to flight and on to the passengers, with what is missing said on the way. */
const useMoves = ({ flight_ids, holds }: Trip, needed: number, flights: Flight[] | undefined) => {
  const said = seatsWords()
  const { route } = useLocation()
  const [wanted, setAt] = useState(0)
  const [news, tell] = useState<string | undefined>()
  const at = Math.min(wanted, flight_ids.length - 1)

  const show = (i: number) => {
    tell(undefined)
    setAt(i)
    window.scrollTo(0, 0)
  }
  const go = async () => {
    tell(undefined)
    await Promise.all(flight_ids.map((id) => settle(id, needed)))
    const missing = flight_ids.findIndex((id) => !isComplete(id, needed))
    if (missing < 0) return route('/passengers')
    if (missing !== at && isComplete(flight_ids[at]!, needed)) return show(missing)
    const here = isComplete(flight_ids[at]!, needed) ? missing : at
    const left = needed - choiceOf(flight_ids[here]!).seats.length
    if (left > 0) tell(said.missing(left, flights ? wayOf(flights[here]!) : ''))
  }
  const skip = async () => {
    const partly = flight_ids.flatMap((id) => {
      const hold = holdOf(id)
      return hold && !sameSeats(hold.seats, choiceOf(id).seats) ? [hold] : []
    })
    await release(partly)
    route('/passengers')
  }
  const drop = async () => {
    await release(holds)
    forgetChoices()
  }
  return { at, show, news, tell, go, skip, drop }
}

// Another flight may have been chosen since: what is held on the first one would block the offer.
const useStrays = ({ holds, flight_ids }: Trip, needed: number) => {
  useEffect(() => {
    void release(holds.filter((hold) => !flight_ids.includes(hold.flight_id)))
    for (const id of flight_ids)
      if (!choiceOf(id).busy && choiceOf(id).seats.length >= needed && !holdOf(id)) forgetChoices()
  }, [flight_ids])
}

type TabsProps = {
  ids: string[]
  flights: Flight[] | undefined
  at: number
  needed: number
  show: (i: number) => void
}

const FlightTabs = ({ ids, flights, at, needed, show }: TabsProps) => {
  const said = seatsWords()
  return (
    <div class="flight-tabs" role="group" aria-label={said.flights}>
      {ids.map((id, i) => {
        const flight = flights?.[i]
        return (
          <button
            key={id}
            type="button"
            class="second"
            aria-pressed={i === at}
            onClick={() => show(i)}
          >
            {flight ? <FlightName flight={flight} /> : '…'}
            {isComplete(id, needed) && <span class="done">✓ {said.held}</span>}
          </button>
        )
      })}
    </div>
  )
}

const FlightName = ({ flight }: { flight: Flight }) => {
  const zone = flight.origin_airport.time_zone
  return (
    <span>
      <strong>{wayOf(flight)}</strong>
      <small>
        {day(dateAt(flight.departs_at, zone))} · {timeAt(flight.departs_at, zone)} ·{' '}
        {flight.flight_number}
      </small>
    </span>
  )
}
