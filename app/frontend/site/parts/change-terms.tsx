import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal, newKey } from '../api.ts'
import { dateAt, day, money, timeAt } from '../formats.ts'
import { isUnclear } from '../until-clear.ts'
import { change } from '../words/change.ts'
import { sentenceFor } from '../words/problems.ts'
import { Alert } from './alert.tsx'
import { useAirportNames } from './booking-summary.tsx'
import { CardChoice } from './card-choice.tsx'
import type { DemoCard } from './card-choice.tsx'
import { ChangeSums } from './change-sums.tsx'
import { changeArrived, confirmChange } from './quote-change.ts'
import type { ChangeQuote } from './quote-change.ts'
import type { Booking } from './use-booking.ts'
import { Waiting } from './waiting.tsx'

type Flown = { origin: string; departs_at: string; flight_number: string }

type Props = {
  quote: ChangeQuote
  booking: Booking
  /** The flight that is left, and the one instead. */
  from: Flown
  to: Flown
  onLeave: () => void
  onDone: (quote: ChangeQuote) => Promise<void>
  onAgain: () => void
}

/** A quoted change, every line of it, and the last word of the person; a surcharge is paid here. */
export const ChangeTerms = (props: Props) => {
  const { quote, booking, onLeave, onDone, onAgain } = props
  const said = change()
  const total = quote.change_total
  const [card, choose] = useState<DemoCard>('tok_approved')
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const payable = total.amount > 0 ? card : undefined
  const { confirm, phase, trouble, isStale } = useConfirm({ quote, booking, onDone })
  const busy = phase !== 'asking'
  if (phase === 'paying') return <Waiting isOffline={isUnclear(trouble)} />
  return (
    <section class="card">
      <h2 ref={heading} tabIndex={-1}>
        {said.terms}
      </h2>
      <Exchange {...props} />
      <ChangeSums quote={quote} booking={booking} />
      {payable && <CardChoice value={card} disabled={busy} onChoose={choose} />}
      {trouble !== undefined && (
        <Alert kind={busy ? 'info' : 'error'}>{busy ? said.unclear : sentence(trouble)}</Alert>
      )}
      <p class="row">
        {isStale ? (
          <button type="button" onClick={onAgain}>
            {said.askAgain}
          </button>
        ) : (
          <button type="button" aria-busy={busy} onClick={() => void confirm(payable)}>
            {busy && said.working}
            {!busy && (payable ? said.pay(money(total)) : said.confirm)}
          </button>
        )}
        <button type="button" class="second" disabled={busy} onClick={onLeave}>
          {said.leave}
        </button>
      </p>
    </section>
  )
}

const Exchange = ({ from, to }: Props) => {
  const said = change()
  const { zoneOf } = useAirportNames()
  const shown = ({ origin, departs_at, flight_number }: Flown) => {
    const zone = zoneOf(origin)
    return `${day(dateAt(departs_at, zone))}, ${timeAt(departs_at, zone)} · ${flight_number}`
  }
  return (
    <dl class="sums exchange">
      <div>
        <dt>{said.instead}</dt>
        <dd>
          <s>{shown(from)}</s>
        </dd>
      </div>
      <div>
        <dt>{said.youFly}</dt>
        <dd>
          <strong>{shown(to)}</strong>
        </dd>
      </div>
    </dl>
  )
}

const kindOf = (error: unknown) => (error instanceof Refusal ? error.kind : undefined)

const sentence = (error: unknown) =>
  kindOf(error) === 'payment-declined' ? change().declined : sentenceFor(error)

type Confirming = Pick<Props, 'quote' | 'booking' | 'onDone'>

const useConfirm = ({ quote, booking, onDone }: Confirming) => {
  const [phase, setPhase] = useState<'asking' | 'sending' | 'paying'>('asking')
  const [trouble, setTrouble] = useState<unknown>()
  // The key of the attempt, while its answer is not known: the same card again is the same attempt.
  const attempt = useRef<{ card: DemoCard | undefined; key: string } | undefined>(undefined)

  const settle = async () => {
    setTrouble(undefined)
    setPhase('paying')
    if (await changeArrived(booking, setTrouble)) return onDone(quote)
    setTrouble(declined())
  }
  const confirm = async (card: DemoCard | undefined) => {
    if (phase !== 'asking') return
    if (attempt.current?.card !== card || !attempt.current)
      attempt.current = { card, key: newKey() }
    setTrouble(undefined)
    setPhase('sending')
    try {
      const result = await confirmChange({ quote, ...attempt.current }, setTrouble)
      await (result === 'done' ? onDone(quote) : settle())
      attempt.current = undefined
    } catch (error) {
      if (!isUnclear(error)) attempt.current = undefined
      if (kindOf(error) === 'payment-pending') await settle().catch(setTrouble)
      else setTrouble(error)
    }
    setPhase('asking')
  }
  const kind = kindOf(trouble)
  const isStale =
    phase === 'asking' && kind !== undefined && kind !== 'payment-declined' && !isUnclear(trouble)
  return { confirm, phase, trouble, isStale }
}

const declined = () =>
  new Refusal({ type: '/problems/payment-declined', title: '', detail: '', status: 402 })
