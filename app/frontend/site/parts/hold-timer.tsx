import { useEffect, useState } from 'preact/hooks'
import { useTrip } from '../trip.ts'
import { holdTimerWords } from '../words/hold-timer.ts'
import { sentenceFor } from '../words/problems.ts'
import { dropExpired, extend } from './holds.ts'
import { clock, useSecondsLeft } from './timer.tsx'
import '../style/hold-timer.css'

const SOON = 120

/** How long the held seats are kept, with more for the asking. Its room is kept when nothing is held. */
export const HoldTimer = ({ onEnd }: { onEnd: () => void }) => {
  const said = holdTimerWords()
  const { holds, booking } = useTrip()
  const first = holds.toSorted((a, b) => Date.parse(a.expires_at) - Date.parse(b.expires_at))[0]
  const seconds = useSecondsLeft(first?.expires_at)
  const [busy, setBusy] = useState(false)
  const [told, tell] = useState('')
  // A booking has taken the seats over: they no longer depend on the hold.
  const counting = first && !booking

  useEffect(() => {
    if (counting && seconds === 0 && dropExpired()) onEnd()
  }, [counting, seconds])

  const more = async () => {
    if (busy) return
    setBusy(true)
    tell('')
    try {
      await extend()
      tell(said.extended)
    } catch (error) {
      tell(sentenceFor(error))
    } finally {
      setBusy(false)
    }
  }

  if (!counting) return <p class="hold-timer hint">{booking ? '' : said.none}</p>
  const extendable = Date.parse(first.expires_at) < Date.parse(first.extendable_until) - 1_000
  const soon = seconds <= SOON
  return (
    <div class="hold-timer" data-soon={soon ? '' : undefined}>
      <span>
        {said.left}{' '}
        <strong role="timer" aria-label={said.label}>
          {clock(seconds)}
        </strong>
      </span>
      {extendable ? (
        <button type="button" class="plain" aria-busy={busy} onClick={() => void more()}>
          {said.extend}
        </button>
      ) : (
        <small>{said.atMost}</small>
      )}
      <span class={soon ? 'told' : 'visually-hidden'} role="status">
        {soon && extendable ? said.soon : told}
      </span>
    </div>
  )
}
