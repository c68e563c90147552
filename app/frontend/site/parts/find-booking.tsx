import { useState } from 'preact/hooks'
import { useAccount } from '../account.ts'
import { Refusal, api, ask } from '../api.ts'
import { booking } from '../words/booking.ts'
import { sentenceFor } from '../words/problems.ts'
import { Alert } from './alert.tsx'
import { Field } from './field.tsx'
import { MaskedBooking } from './masked-booking.tsx'
import type { Asked, Masked } from './masked-booking.tsx'
import { useAttempt } from './use-attempt.ts'
import type { Wrong } from './use-attempt.ts'

/** A booking by its reference and a family name: first masked, then whole with a mailed code. */
export const FindBooking = () => {
  const { find } = booking()
  const account = useAccount()
  const [asked, set] = useState<Asked>({ booking_reference: '', family_name: '' })
  const [found, setFound] = useState<Masked>()
  if (found) return <MaskedBooking asked={asked} found={found} onBack={() => setFound(undefined)} />
  return (
    <>
      <h1>{find.heading}</h1>
      <p>{find.lead}</p>
      <LookupForm asked={asked} onChange={set} onFound={setFound} />
      {account && <a href="/trips">{find.account}</a>}
    </>
  )
}

type Props = {
  asked: Asked
  onChange: (asked: Asked) => void
  onFound: (found: Masked) => void
}

const LookupForm = ({ asked, onChange, onFound }: Props) => {
  const { find } = booking()
  const { form, wrong, busy, forget, onSubmit } = useAttempt<keyof Asked>({
    look: () => look(asked),
    send: async () => onFound(await ask(api.bookings.lookup.$post({ json: asked }))),
    wrongOf,
  })
  const change = (changes: Partial<Asked>) => {
    forget()
    onChange({ ...asked, ...changes })
  }
  return (
    <form ref={form} class="card narrow" onSubmit={onSubmit} noValidate>
      {wrong.other && <Alert>{wrong.other}</Alert>}
      <Field label={find.reference} hint={find.referenceHint} error={wrong.booking_reference}>
        <input
          class="code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={6}
          value={asked.booking_reference}
          onInput={(e) => change({ booking_reference: e.currentTarget.value.toUpperCase() })}
        />
      </Field>
      <Field label={find.family} hint={find.familyHint} error={wrong.family_name}>
        <input
          autocomplete="family-name"
          maxLength={80}
          value={asked.family_name}
          onInput={(e) => change({ family_name: e.currentTarget.value })}
        />
      </Field>
      <button class="go" aria-busy={busy}>
        {find.open}
      </button>
    </form>
  )
}

const look = ({ booking_reference, family_name }: Asked): Wrong<keyof Asked> => {
  const { find } = booking()
  const isReference = /^[A-HJKMNP-Z2-9]{6}$/.test(booking_reference.trim())
  return {
    ...(!isReference && { booking_reference: find.referenceWrong }),
    ...(family_name.trim() === '' && { family_name: find.familyWrong }),
  }
}

const wrongOf = (error: unknown): Wrong<keyof Asked> =>
  error instanceof Refusal && error.kind === 'not-found'
    ? { booking_reference: booking().find.notFound }
    : { other: sentenceFor(error) }
