import { useEffect, useRef, useState } from 'preact/hooks'
import { useAccount } from '../account.ts'
import { language } from '../language.ts'
import { Alert } from '../parts/alert.tsx'
import { BookingExtras } from '../parts/booking-extras.tsx'
import { HoldTimer } from '../parts/hold-timer.tsx'
import { offerRequest, travellersOf } from '../parts/offer-request.ts'
import { PersonFields } from '../parts/person-fields.tsx'
import { lookAt, retyped } from '../parts/person-rules.ts'
import type { Errors, Type } from '../parts/person-rules.ts'
import { editTrip } from '../parts/place-booking.ts'
import { PriceBox } from '../parts/price-box.tsx'
import { Steps } from '../parts/steps.tsx'
import { useFlights } from '../parts/use-flights.ts'
import type { Flight } from '../parts/use-flights.ts'
import { useOffer } from '../parts/use-offer.ts'
import { usePlacing } from '../parts/use-passenger-form.ts'
import type { News } from '../parts/use-passenger-form.ts'
import { usePlaces } from '../parts/use-places.ts'
import { useReadyTrip } from '../parts/use-ready-trip.ts'
import { useTitle } from '../parts/use-title.ts'
import { resultsUrl } from '../search-url.ts'
import { useSignal } from '../signal.ts'
import { changeTrip } from '../trip.ts'
import type { Person, Search, Trip } from '../trip.ts'
import { passengersWords } from '../words/passengers.ts'
import { sentenceFor } from '../words/problems.ts'
import '../style/passengers.css'

export const Passengers = () => {
  useSignal(language)
  const said = passengersWords()
  useTitle(said.title)
  const { trip, search } = useReadyTrip()
  const { flights, failure } = useFlights(trip.flight_ids)
  return (
    <div class="passengers">
      <Steps at={3} />
      <h1>{said.title}</h1>
      <p>
        {said.lead} <small>{said.saved}</small>
      </p>
      {trip.booking && (
        <Alert kind="info">
          {said.booked(trip.booking.booking_reference)} <a href="/payment">{said.pay}</a>
        </Alert>
      )}
      {failure !== undefined && <Alert>{sentenceFor(failure)}</Alert>}
      {search && flights ? (
        <Form trip={trip} search={search} flights={flights} />
      ) : (
        <p class="form-room" role="status">
          {failure === undefined && said.asking}
        </p>
      )}
    </div>
  )
}

type FormProps = { trip: Trip; search: Search; flights: Flight[] }

const Form = ({ trip, search, flights }: FormProps) => {
  const said = passengersWords()
  const form = useRef<HTMLFormElement>(null)
  const seen = travellersOf(trip, search, flights)
  const { people, types, day, isAbroad } = seen
  useKeptPeople(trip, people)
  const places = usePlaces(trip.flight_ids)
  const { request, isEstimate } = offerRequest(trip, search, seen)
  const priced = useOffer(request)
  const { place, busy, refused, mended, news, tell } = usePlacing(priced)
  const [left, setLeft] = useState<string[]>([])
  const [attempts, setAttempts] = useState(0)

  const promotion_code = trip.promotion_code ?? ''
  const full = places && search.party.pets > places.pets && !trip.booking
  const wrong: Errors = {
    ...lookAt({ people, types, day, contact: trip.contact, promotion_code }),
    ...(full && { pets: said.petsFull(places.pets) }),
    ...refused,
  }
  const count = Object.keys(wrong).length
  const shown = Object.fromEntries(
    Object.entries(wrong).filter(
      ([field]) => attempts > 0 || left.includes(field) || field in refused || field === 'pets',
    ),
  )
  const leave = (field: string) => setLeft((known) => [...new Set([...known, field])])

  useEffect(() => {
    if (attempts > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid=true],[data-wrong]')?.focus()
  }, [attempts])

  const submit = (event: Event) => {
    event.preventDefault()
    setAttempts(attempts + 1)
    if (count === 0) void place()
  }
  const change = (index: number, field: keyof Person, value: string | undefined) => {
    mended(`${index}.${field}`)
    editTrip({ people: people.map((one, i) => (i === index ? { ...one, [field]: value } : one)) })
  }
  const retype = (index: number, type: Type) => {
    const next = retyped(search.party, people, index, type)
    if (next.refusal !== undefined) return tell({ text: next.refusal, to: 'results' })
    editTrip({ people: next.people, search: { ...search, party: next.party } })
  }

  return (
    <form ref={form} class="grid aside" onSubmit={submit} noValidate>
      <div>
        {people.map((person, i) => (
          <PersonFields
            key={i}
            index={i}
            type={types[i]!}
            person={person}
            errors={shown}
            day={day}
            asksResidence={seen.asksResidence}
            isAbroad={isAbroad}
            onChange={(field, value) => change(i, field, value)}
            onLeave={leave}
            onRetype={(type) => retype(i, type)}
          />
        ))}
        <BookingExtras {...{ trip, search, places, leave, mended }} errors={shown} />
      </div>
      <aside class="price-bar side-bar card" aria-label={said.price}>
        {trip.holds.length > 0 && (
          <HoldTimer onEnd={() => tell({ text: said.ended, to: 'seats' })} />
        )}
        <PriceBox offer={priced.offer} isEstimate={isEstimate} busy={priced.busy} />
        {attempts > 0 && count > 0 && <Alert>{said.look(count)}</Alert>}
        {news && <Told news={news} search={search} onAgain={priced.again} />}
        <button type="submit" class="go" aria-busy={busy}>
          {said.on}
        </button>
      </aside>
    </form>
  )
}

// Who signed in need not write their address again.
const useKeptPeople = ({ people: known, contact }: Trip, people: Person[]) => {
  const account = useAccount()
  useEffect(() => {
    if (known !== people) changeTrip({ people })
  }, [people.length])
  useEffect(() => {
    if (account && contact.email === '')
      changeTrip({ contact: { ...contact, email: account.email } })
  }, [account])
}

type ToldProps = { news: News; search: Search; onAgain: () => void }

const Told = ({ news, search, onAgain }: ToldProps) => {
  const said = passengersWords()
  return (
    <Alert>
      {news.text} {news.to === 'seats' && <a href="/seats">{said.chooseSeats}</a>}
      {news.to === 'results' && <a href={resultsUrl(search)}>{said.otherFlights}</a>}
      {news.to === 'again' && (
        <button type="button" class="plain" onClick={onAgain}>
          {said.again}
        </button>
      )}
    </Alert>
  )
}
