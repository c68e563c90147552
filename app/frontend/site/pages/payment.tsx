import { useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import { Refusal } from '../api.ts'
import { money } from '../formats.ts'
import { language } from '../language.ts'
import { Alert } from '../parts/alert.tsx'
import { PassengerList, SliceList } from '../parts/booking-summary.tsx'
import { BookingTrouble } from '../parts/booking-trouble.tsx'
import { CardChoice, demoCards } from '../parts/card-choice.tsx'
import type { DemoCard } from '../parts/card-choice.tsx'
import { PriceDetails } from '../parts/price-details.tsx'
import { Steps } from '../parts/steps.tsx'
import { clock, useSecondsLeft } from '../parts/timer.tsx'
import { isProcessing, useBooking } from '../parts/use-booking.ts'
import type { Booking } from '../parts/use-booking.ts'
import { usePayment } from '../parts/use-payment.ts'
import { useTitle } from '../parts/use-title.ts'
import { Waiting } from '../parts/waiting.tsx'
import { resultsUrl } from '../search-url.ts'
import { useSignal } from '../signal.ts'
import { changeTrip, readTrip, rememberToken, useTrip } from '../trip.ts'
import { payment } from '../words/payment.ts'
import { sentenceFor } from '../words/problems.ts'
import '../style/booking.css'
import '../style/payment.css'

export const Payment = () => {
  useSignal(language)
  const said = payment()
  useTitle(said.title)
  const { booking } = useTrip()
  if (booking) return <PayBooking key={booking.id} id={booking.id} />
  return (
    <>
      <h1>{said.none}</h1>
      <p>{said.noneHow}</p>
      <Ways />
    </>
  )
}

const PayBooking = ({ id }: { id: string }) => {
  const said = payment()
  const { route } = useLocation()
  const [isKept] = useState(() => keepToken(id))
  const { booking, error, reload } = useBooking(id)
  const isPaid = booking?.status === 'confirmed' || booking?.status === 'completed'
  useEffect(() => {
    if (!isPaid) return
    changeTrip({ payment_key: undefined, payment_card: undefined })
    route(`/confirmation/${id}`, true)
  }, [isPaid])

  if (!booking || !isKept)
    return (
      <>
        <Steps at={4} />
        <BookingTrouble title={said.heading} error={error} onAgain={reload} />
      </>
    )
  if (booking.status !== 'pending_payment' && !isPaid)
    return <Closed status={booking.status} id={id} />
  return (
    <>
      <Steps at={4} />
      <h1>{said.heading}</h1>
      <div class="grid aside">
        <div>
          {isProcessing(booking) || isPaid ? (
            <Waiting isOffline={error !== undefined} />
          ) : (
            <PayForm booking={booking} reload={reload} />
          )}
        </div>
        <Summary booking={booking} />
      </div>
    </>
  )
}

/** The token goes where the confirmation and the booking's page look for it. */
const keepToken = (id: string) => {
  const token = readTrip().booking?.access_token
  if (token) rememberToken(id, token)
  return true
}

const PayForm = ({ booking, reload }: { booking: Booking; reload: () => Promise<unknown> }) => {
  const said = payment()
  const { payment_key, payment_card } = useTrip()
  const { pay, busy, trouble } = usePayment(booking.id, reload)
  const [card, choose] = useState<DemoCard>(
    demoCards.find((known) => known === payment_card) ?? 'tok_approved',
  )
  const seconds = useSecondsLeft(booking.payment_required_by)
  const isOver = trouble instanceof Refusal && trouble.kind === 'hold-expired'
  if (!busy && (isOver || seconds === 0)) return <Closed status="expired" id={booking.id} />

  const submit = (event: Event) => {
    event.preventDefault()
    void pay(card)
  }
  return (
    <form class="card" onSubmit={submit}>
      <p class="time-left" role="timer">
        {said.timeLeft} <strong>{clock(seconds)}</strong> {said.timeLeftEnd}
      </p>
      {!busy && payment_key === undefined && <Declined booking={booking} />}
      {!busy && payment_key && trouble === undefined && (
        <Alert kind="info">{said.unfinished}</Alert>
      )}
      <CardChoice value={card} disabled={busy} onChoose={choose} />
      {trouble !== undefined && (
        <Alert kind={busy ? 'info' : 'error'}>
          {busy ? meanwhile(trouble) : sentenceFor(trouble)}
        </Alert>
      )}
      <button class="go wide" aria-busy={busy} aria-disabled={busy}>
        {busy ? said.sending : said.pay(money(booking.total))}
      </button>
    </form>
  )
}

const meanwhile = (trouble: unknown) => {
  const said = payment()
  return trouble instanceof Refusal && trouble.kind === 'offline' ? said.offline : said.unclear
}

const Declined = ({ booking: { payments } }: { booking: Booking }) => {
  const said = payment()
  if (payments.length === 0) return null
  return (
    <Alert>
      <strong>{said.declined}</strong> {said.declinedNext}
    </Alert>
  )
}

const Summary = ({ booking }: { booking: Booking }) => {
  const said = payment()
  return (
    <aside class="card">
      <h2>{said.trip}</h2>
      <SliceList slices={booking.slices} />
      <PassengerList {...booking} />
      <PriceDetails title={said.price} lines={booking.lines} total={booking.total} />
    </aside>
  )
}

const Closed = ({ status, id }: { status: string; id: string }) => {
  const said = payment()
  return (
    <>
      <h1>{said.closed[status]}</h1>
      <p>{said.closedHow[status]}</p>
      <Ways id={id} />
    </>
  )
}

const Ways = ({ id }: { id?: string }) => {
  const said = payment()
  const { search } = useTrip()
  return (
    <p class="row">
      <a class="button" href={search ? resultsUrl(search) : '/'}>
        {said.searchAgain}
      </a>
      <a class="button second" href={id ? `/booking/${id}` : '/booking'}>
        {id ? said.see : said.find}
      </a>
    </p>
  )
}
