import { useRoute } from 'preact-iso'
import { useState } from 'preact/hooks'
import { money } from '../formats.ts'
import type { Money } from '../formats.ts'
import { language } from '../language.ts'
import { Alert } from '../parts/alert.tsx'
import { PassengerList, SliceList } from '../parts/booking-summary.tsx'
import { BookingTrouble } from '../parts/booking-trouble.tsx'
import { CancelBooking } from '../parts/cancel-booking.tsx'
import { ChangeBooking } from '../parts/change-booking.tsx'
import { FindBooking } from '../parts/find-booking.tsx'
import { MoneyMoves } from '../parts/money-moves.tsx'
import { PayLink } from '../parts/pay-link.tsx'
import { PriceDetails } from '../parts/price-details.tsx'
import { StatusBadge } from '../parts/status-badge.tsx'
import { isProcessing, useBooking } from '../parts/use-booking.ts'
import type { Booking as Whole } from '../parts/use-booking.ts'
import { useTitle } from '../parts/use-title.ts'
import { useSignal } from '../signal.ts'
import { bookingParts } from '../words/booking-parts.ts'
import { booking as words } from '../words/booking.ts'
import { change } from '../words/change.ts'
import '../style/booking.css'
import '../style/manage.css'

export const Booking = () => {
  useSignal(language)
  useTitle(words().title)
  const { id } = useRoute().params
  return id ? <WholeBooking key={id} id={id} /> : <FindBooking />
}

type Doing = 'reading' | 'cancelling' | 'changing'

const WholeBooking = ({ id }: { id: string }) => {
  const said = words()
  const { booking, error, reload } = useBooking(id)
  const [doing, setDoing] = useState<Doing>('reading')
  const [news, setNews] = useState<string[]>([])
  if (!booking) return <BookingTrouble title={said.title} error={error} onAgain={reload} />

  const finish = async (...sentences: string[]) => {
    await reload()
    setNews(sentences)
    setDoing('reading')
    window.scrollTo(0, 0)
  }
  const begin = (next: Doing) => {
    setNews([])
    setDoing(next)
  }
  const leave = () => setDoing('reading')
  return (
    <>
      <Heading booking={booking} />
      {news.length > 0 && (
        <Alert kind="good">
          <strong>{news[0]}</strong> {news[1]}
        </Alert>
      )}
      {doing === 'reading' && <Actions booking={booking} onDo={begin} />}
      {doing === 'cancelling' && (
        <CancelBooking
          booking={booking}
          onLeave={leave}
          onDone={({ refund }) => finish(...cancelled(refund))}
        />
      )}
      {doing === 'changing' && (
        <ChangeBooking
          booking={booking}
          onLeave={leave}
          onDone={({ change_total }) => finish(...changed(change_total))}
        />
      )}
      <Contents booking={booking} />
    </>
  )
}

const cancelled = (refund: Money) => {
  const { done, doneBack } = words().quote
  return refund.amount > 0 ? [done, doneBack(money(refund))] : [done]
}

const changed = ({ amount, currency }: Money) => {
  const { done, donePaid, doneBack } = change()
  const moved = money({ amount: Math.abs(amount), currency })
  if (amount === 0) return [done]
  return [done, amount > 0 ? donePaid(moved) : doneBack(moved)]
}

const Heading = ({ booking }: { booking: Whole }) => {
  const { reference } = bookingParts()
  return (
    <header class="booking-heading">
      <h1>
        <small>{reference}</small> {booking.booking_reference}
      </h1>
      <StatusBadge status={booking.status} />
    </header>
  )
}

const Actions = ({ booking, onDo }: { booking: Whole; onDo: (doing: Doing) => void }) => {
  const said = words()
  const can = (action: 'pay' | 'change' | 'cancel') => booking.available_actions.includes(action)
  // While a payment is under way nothing else may be done, and it is being said below.
  if (isProcessing(booking)) return null
  return (
    <>
      {can('pay') && <p>{said.payBy}</p>}
      <p class="row">
        {can('pay') && <PayLink booking={booking}>{said.pay}</PayLink>}
        {(booking.status === 'confirmed' || booking.status === 'completed') && (
          <a class="button" href={`/confirmation/${booking.id}`}>
            {said.passes}
          </a>
        )}
        {can('change') && (
          <button type="button" class="second" onClick={() => onDo('changing')}>
            {said.change}
          </button>
        )}
        {can('cancel') && (
          <button type="button" class="second" onClick={() => onDo('cancelling')}>
            {said.cancel}
          </button>
        )}
      </p>
    </>
  )
}

const Contents = ({ booking }: { booking: Whole }) => {
  const said = words()
  const parts = bookingParts()
  const { lines, total, contact } = booking
  const isSettledAnew =
    booking.confirmed_at !== null && lines.some(({ reverses_line_id }) => reverses_line_id !== null)
  return (
    <div class="grid aside">
      <div>
        <section class="card">
          <h2>{parts.flights}</h2>
          <SliceList slices={booking.slices} isFollowed />
          {booking.slices.length > 0 && <p class="hint">{parts.local}</p>}
        </section>
        <section class="card">
          <h2>{parts.passengers}</h2>
          <PassengerList {...booking} />
          <h2>{said.contact}</h2>
          <p class="contact">
            {contact.email}
            {contact.phone && ` · ${contact.phone}`}
          </p>
        </section>
      </div>
      <div>
        <MoneyMoves booking={booking} />
        <section class="card">
          <PriceDetails
            title={isSettledAnew ? said.kept : said.price}
            lines={lines}
            total={total}
          />
        </section>
      </div>
    </div>
  )
}
