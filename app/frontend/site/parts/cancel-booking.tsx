import type { InferResponseType } from 'hono/client'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal, api, ask, keyed, newKey } from '../api.ts'
import { money } from '../formats.ts'
import { tokenOf } from '../trip.ts'
import { untilClear } from '../until-clear.ts'
import { booking as words } from '../words/booking.ts'
import { sentenceFor } from '../words/problems.ts'
import { Alert } from './alert.tsx'
import { CancellationTerms } from './cancellation-terms.tsx'
import type { Booking } from './use-booking.ts'

export type CancellationQuote = InferResponseType<
  (typeof api)['cancellation-quotes'][':id']['confirm']['$post'],
  200
>

type Props = {
  booking: Booking
  onLeave: () => void
  onDone: (quote: CancellationQuote) => Promise<void>
}

/** Quotes a cancellation, shows all of it, and does it only when asked twice. */
export const CancelBooking = ({ booking, onLeave, onDone }: Props) => {
  const { quote: said } = words()
  const { quote, error, askAgain } = useQuote(booking)
  if (error !== undefined)
    return (
      <section class="card">
        <Alert>{sentenceFor(error)}</Alert>
        <p class="row">
          <button type="button" onClick={() => void askAgain()}>
            {said.askAgain}
          </button>
          <button type="button" class="second" onClick={onLeave}>
            {said.leave}
          </button>
        </p>
      </section>
    )
  if (!quote)
    return (
      <p class="card loading" role="status">
        {said.asking}
      </p>
    )
  return (
    <section class="card" aria-label={said.heading}>
      <CancellationTerms quote={quote} booking={booking} />
      <Confirm key={quote.id} {...{ quote, booking, onLeave, onDone, askAgain }} />
    </section>
  )
}

const useQuote = ({ id }: Booking) => {
  const [quote, set] = useState<CancellationQuote>()
  const [error, setError] = useState<unknown>()
  const askAgain = async () => {
    setError(undefined)
    set(undefined)
    const post = api.bookings[':id']['cancellation-quotes'].$post
    await ask(post({ header: {}, param: { id } }, keyed(newKey(), tokenOf(id)))).then(set, setError)
  }
  useEffect(() => void askAgain(), [id])
  return { quote, error, askAgain }
}

type ConfirmProps = Props & { quote: CancellationQuote; askAgain: () => Promise<void> }

const stale = new Set(['quote-superseded', 'quote-expired', 'booking-state-conflict'])

const Confirm = ({ quote, booking, onLeave, onDone, askAgain }: ConfirmProps) => {
  const { quote: said } = words()
  const [isSure, setSure] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const key = useRef(newKey())
  const question = useRef<HTMLHeadingElement>(null)
  useEffect(() => question.current?.focus(), [isSure])

  const confirm = async () => {
    if (busy) return
    setBusy(true)
    setTrouble(undefined)
    const { id } = quote
    const send = () =>
      ask(
        api['cancellation-quotes'][':id'].confirm.$post(
          { header: {}, param: { id } },
          keyed(key.current, tokenOf(booking.id)),
        ),
      )
    await untilClear(send, setTrouble).then(onDone, setTrouble)
    setBusy(false)
  }
  if (!isSure)
    return (
      <p class="row">
        <button type="button" onClick={() => setSure(true)}>
          {said.goOn}
        </button>
        <button type="button" class="second" onClick={onLeave}>
          {said.leave}
        </button>
      </p>
    )
  const isStale = trouble instanceof Refusal && stale.has(trouble.kind)
  const back = quote.refund.amount > 0
  return (
    <div class="sure">
      <h3 ref={question} tabIndex={-1}>
        {said.sure}
      </h3>
      <p>{back ? said.sureHow(money(quote.refund)) : said.sureFree}</p>
      {trouble !== undefined && (
        <Alert kind={busy ? 'info' : 'error'}>{busy ? said.unclear : sentenceFor(trouble)}</Alert>
      )}
      <p class="row">
        {isStale ? (
          <button type="button" onClick={() => void askAgain()}>
            {said.askAgain}
          </button>
        ) : (
          <button type="button" class="danger" aria-busy={busy} onClick={() => void confirm()}>
            {busy ? said.confirming : said.confirm}
          </button>
        )}
        <button type="button" class="second" disabled={busy} onClick={onLeave}>
          {said.leave}
        </button>
      </p>
    </div>
  )
}
