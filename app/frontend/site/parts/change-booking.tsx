import { useState } from 'preact/hooks'
import { dateAt, day, timeAt } from '../formats.ts'
import { change } from '../words/change.ts'
import { useAirportNames } from './booking-summary.tsx'
import type { Slice } from './booking-summary.tsx'
import { whyNot } from './change-refusal.ts'
import { ChangeTerms } from './change-terms.tsx'
import { Field } from './field.tsx'
import { FlightChoice } from './flight-choice.tsx'
import type { FoundFlight } from './flight-choice.tsx'
import { quoteChange } from './quote-change.ts'
import type { ChangeQuote } from './quote-change.ts'
import type { Booking } from './use-booking.ts'

type Props = {
  booking: Booking
  onLeave: () => void
  onDone: (quote: ChangeQuote) => Promise<void>
}

/** Another flight for one of a booking's: which, when, what it costs, and then for good. */
export const ChangeBooking = ({ booking, onLeave, onDone }: Props) => {
  const said = change()
  const { zoneOf } = useAirportNames()
  const open = booking.slices.filter(({ departs_at }) => Date.parse(departs_at) > Date.now())
  const [slice, setSlice] = useState<Slice | undefined>(open[0])
  const [date, setDate] = useState(slice?.departure_date ?? '')
  const [flight, setFlight] = useState<FoundFlight>()
  const [quote, setQuote] = useState<ChangeQuote>()
  const [wrong, setWrong] = useState<string>()
  const [busy, setBusy] = useState(false)

  const chooseFlight = (next: FoundFlight | undefined) => {
    setFlight(next)
    setWrong(undefined)
  }
  const chooseSlice = (next: Slice) => {
    setSlice(next)
    setDate(next.departure_date)
    chooseFlight(undefined)
  }
  const ask = async (event: Event) => {
    event.preventDefault()
    if (busy || !slice) return
    if (!flight) return setWrong(said.needFlight)
    if (!keepsOrder(booking, slice, flight)) return setWrong(said.refused.flights_overlap)
    setBusy(true)
    setWrong(undefined)
    await quoteChange(booking, slice, flight.id).then(setQuote, (error: unknown) =>
      setWrong(whyNot(error)),
    )
    setBusy(false)
  }
  if (quote && slice && flight)
    return (
      <ChangeTerms
        {...{ quote, booking, onLeave, onDone }}
        from={slice}
        to={flight}
        onAgain={() => setQuote(undefined)}
      />
    )
  return (
    <form class="card" onSubmit={(event) => void ask(event)} aria-label={said.heading} noValidate>
      <h2>{said.heading}</h2>
      {open.length > 1 && <SliceChoice slices={open} chosen={slice} onChoose={chooseSlice} />}
      {slice && (
        <>
          <div class="new-day">
            <Field label={said.day} hint={said.dayHint}>
              <input
                type="date"
                min={dateAt(new Date(), zoneOf(slice.origin))}
                value={date}
                onInput={(e) => {
                  setDate(e.currentTarget.value)
                  chooseFlight(undefined)
                }}
              />
            </Field>
          </div>
          <FlightChoice
            {...{ booking, slice, date }}
            chosen={flight}
            onChoose={chooseFlight}
            error={wrong}
          />
        </>
      )}
      <p class="row">
        <button aria-busy={busy}>{busy ? said.quoting : said.quote}</button>
        <button type="button" class="second" onClick={onLeave}>
          {said.leave}
        </button>
      </p>
    </form>
  )
}

type SliceProps = { slices: Slice[]; chosen: Slice | undefined; onChoose: (slice: Slice) => void }

const SliceChoice = ({ slices, chosen, onChoose }: SliceProps) => {
  const { cityOf, zoneOf } = useAirportNames()
  return (
    <fieldset class="choices">
      <legend>{change().which}</legend>
      {slices.map((slice) => (
        <label key={slice.flight_id} class="choice">
          <input
            type="radio"
            name="slice"
            checked={slice.flight_id === chosen?.flight_id}
            onChange={() => onChoose(slice)}
          />
          <span>
            <strong>
              {cityOf(slice.origin)} → {cityOf(slice.destination)}
            </strong>
            <small>
              {day(slice.departure_date)}, {timeAt(slice.departs_at, zoneOf(slice.origin))} ·{' '}
              {slice.flight_number}
            </small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** Nobody flies back before they have arrived: the flights stay in the order in which they were. */
const keepsOrder = ({ slices }: Booking, { flight_id }: Slice, flight: FoundFlight) => {
  const at = slices.findIndex((slice) => slice.flight_id === flight_id)
  const [before, after] = [slices[at - 1], slices[at + 1]]
  return (
    (!before || before.arrives_at < flight.departs_at) &&
    (!after || flight.arrives_at < after.departs_at)
  )
}
