import type { InferResponseType } from 'hono/client'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { Refusal, api, ask } from '../api.ts'
import { dateAt, day, timeAt } from '../formats.ts'
import { rememberToken } from '../trip.ts'
import { booking } from '../words/booking.ts'
import { sentenceFor } from '../words/problems.ts'
import { Alert } from './alert.tsx'
import { useAirportNames } from './booking-summary.tsx'
import { Field } from './field.tsx'
import { StatusBadge } from './status-badge.tsx'

export type Masked = InferResponseType<typeof api.bookings.lookup.$post, 200>
export type Asked = { booking_reference: string; family_name: string }

type Props = { asked: Asked; found: Masked; onBack: () => void }

/** What a reference and a name may see, and the way to the rest: a code to the address of the booking. */
export const MaskedBooking = ({ asked, found, onBack }: Props) => {
  const { find } = booking()
  const { cityOf, zoneOf } = useAirportNames()
  return (
    <>
      <h1>{find.found}</h1>
      <section class="card narrow">
        <p class="row">
          <strong class="code">{found.booking_reference}</strong>
          <StatusBadge status={found.status} />
        </p>
        <ul class="slices">
          {found.slices.map((slice) => (
            <li key={slice.flight_id}>
              <strong>
                {cityOf(slice.origin)} → {cityOf(slice.destination)}
              </strong>
              <span class="times">{timeAt(slice.departs_at, zoneOf(slice.origin))}</span>
              <span class="when">
                {day(dateAt(slice.departs_at, zoneOf(slice.origin)))} · {slice.flight_number}
              </span>
            </li>
          ))}
        </ul>
        <p>{found.passengers.map(({ name }) => name).join(' · ')}</p>
        <CodeForm asked={asked} email={found.email} />
      </section>
      <button type="button" class="plain" onClick={onBack}>
        {find.other}
      </button>
    </>
  )
}

const CodeForm = ({ asked, email }: { asked: Asked; email: string }) => {
  const { find } = booking()
  const { route } = useLocation()
  const [isSent, setSent] = useState(false)
  const [code, setCode] = useState('')
  const [wrong, setWrong] = useState<{ code?: string; other?: string }>({})
  const [busy, setBusy] = useState(false)

  const attempt = async (work: () => Promise<unknown>) => {
    if (busy) return
    setBusy(true)
    setWrong({})
    await work().catch((error: unknown) => setWrong(wrongOf(error)))
    setBusy(false)
  }
  const send = () =>
    attempt(async () => {
      await ask(api.bookings.lookup.codes.$post({ json: asked }))
      setSent(true)
    })
  const enter = (event: Event) => {
    event.preventDefault()
    if (!/^\d{6}$/.test(code)) return setWrong({ code: find.codeWrong })
    void attempt(async () => {
      const opening = api.bookings.lookup['access-tokens'].$post({ json: { ...asked, code } })
      const { booking_id, access_token } = await ask(opening)
      rememberToken(booking_id, access_token)
      route(`/booking/${booking_id}`)
    })
  }
  return (
    <form onSubmit={enter} noValidate>
      {wrong.other && <Alert>{wrong.other}</Alert>}
      <p role="status">{isSent ? find.sent(email) : find.masked(email)}</p>
      {isSent && (
        <Field label={find.code} error={wrong.code}>
          <input
            class="code"
            inputMode="numeric"
            autocomplete="one-time-code"
            maxLength={6}
            value={code}
            onInput={(e) => setCode(e.currentTarget.value.trim())}
          />
        </Field>
      )}
      <p class="row">
        {isSent && <button aria-busy={busy}>{find.enter}</button>}
        <button
          type="button"
          class={isSent ? 'second' : ''}
          aria-busy={busy && !isSent}
          onClick={() => void send()}
        >
          {isSent ? find.sendAgain : find.send}
        </button>
      </p>
    </form>
  )
}

const wrongOf = (error: unknown) =>
  error instanceof Refusal && error.kind === 'code-expired'
    ? { code: sentenceFor(error) }
    : { other: sentenceFor(error) }
