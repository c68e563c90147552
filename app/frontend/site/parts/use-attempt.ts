import { useEffect, useRef, useState } from 'preact/hooks'

/** What is wrong with a form by the name of its field; `other` belongs to none. */
export type Wrong<Field extends string> = Partial<Record<Field | 'other', string>>

type Attempt<Field extends string> = {
  /** What can be seen without asking the server. */
  look: () => Wrong<Field>
  send: () => Promise<unknown>
  wrongOf: (error: unknown) => Wrong<Field>
}

/** Looks, sends once at a time, and puts what is wrong where it belongs, with the focus on it. */
export const useAttempt = <Field extends string>({ look, send, wrongOf }: Attempt<Field>) => {
  const form = useRef<HTMLFormElement>(null)
  const [wrong, setWrong] = useState<Wrong<Field>>({})
  const [busy, setBusy] = useState(false)
  useEffect(
    () => form.current?.querySelector<HTMLInputElement>('[aria-invalid=true]')?.focus(),
    [wrong],
  )
  const submit = async (event: Event) => {
    event.preventDefault()
    if (busy) return
    const seen = look()
    setWrong(seen)
    if (Object.keys(seen).length > 0) return
    setBusy(true)
    await send().catch((error: unknown) => setWrong(wrongOf(error)))
    setBusy(false)
  }
  return { form, wrong, busy, onSubmit: (event: Event) => void submit(event) }
}

export const isEmail = (text: string) => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text.trim())

export const PASSWORD_MIN = 10
