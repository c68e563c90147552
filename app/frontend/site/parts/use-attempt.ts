import { useEffect, useRef, useState } from 'preact/hooks'

/** What is wrong with a form by the name of its field; `other` belongs to none. */
export type Wrong<Field extends string> = Partial<Record<Field | 'other', string>>

type Attempt<Field extends string> = {
  /** What can be seen without asking the server. */
  look: () => Wrong<Field>
  send: () => Promise<unknown>
  wrongOf: (error: unknown) => Wrong<Field>
}

/**
 * Looks, sends once at a time, and puts what is wrong where it belongs, with the focus on it. After the
 * first attempt it looks at each stroke: what is mended is no longer wrong, in the language of the moment.
 */
export const useAttempt = <Field extends string>({ look, send, wrongOf }: Attempt<Field>) => {
  const form = useRef<HTMLFormElement>(null)
  const [attempts, setAttempts] = useState(0)
  const [refusal, setRefusal] = useState<{ error: unknown }>()
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    form.current?.querySelector<HTMLInputElement>('[aria-invalid=true]')?.focus()
  }, [attempts, refusal])
  const submit = async (event: Event) => {
    event.preventDefault()
    if (busy) return
    setAttempts(attempts + 1)
    setRefusal(undefined)
    if (Object.keys(look()).length > 0) return
    setBusy(true)
    await send().catch((error: unknown) => setRefusal({ error }))
    setBusy(false)
  }
  const wrong: Wrong<Field> = {
    ...(refusal && wrongOf(refusal.error)),
    ...(attempts > 0 && look()),
  }
  /** Other things are asked for now: what is wrong with them, only the next attempt tells. */
  const forget = () => setRefusal(undefined)
  return { form, wrong, busy, forget, onSubmit: (event: Event) => void submit(event) }
}

export const isEmail = (text: string) => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text.trim())

export const PASSWORD_MIN = 10
