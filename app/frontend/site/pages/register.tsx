import { useState } from 'preact/hooks'
import { signedIn } from '../account.ts'
import { Refusal, api, ask } from '../api.ts'
import { language } from '../language.ts'
import { comingBackTo } from '../next-page.ts'
import { AccountPage, useGoOnSignedIn } from '../parts/account-page.tsx'
import { Alert } from '../parts/alert.tsx'
import { EmailField } from '../parts/email-field.tsx'
import { Field } from '../parts/field.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { PASSWORD_MIN, isEmail, useAttempt } from '../parts/use-attempt.ts'
import type { Wrong } from '../parts/use-attempt.ts'
import { useSignal } from '../signal.ts'
import { sentenceFor } from '../words/problems.ts'
import { signIn } from '../words/sign-in.ts'

export const Register = () => {
  useSignal(language)
  const { register: said, forgot } = signIn()
  const next = useGoOnSignedIn()
  const ways = (
    <>
      <a href={comingBackTo('/sign-in', next)}>{said.known}</a>
      <a href="/reset-password">{forgot}</a>
    </>
  )
  return (
    <AccountPage {...said} ways={ways}>
      <RegisterForm />
    </AccountPage>
  )
}

type Fields = 'name' | 'email' | 'password'

const RegisterForm = () => {
  const { register: said, password: label, needEmail } = signIn()
  const [typed, set] = useState({ name: '', email: '', password: '' })
  const change = (changes: Partial<typeof typed>) => set((known) => ({ ...known, ...changes }))
  const missing = PASSWORD_MIN - typed.password.length
  const { form, wrong, busy, onSubmit } = useAttempt<Fields>({
    look: () => ({
      ...(typed.name.trim() === '' && { name: said.needName }),
      ...(!isEmail(typed.email) && { email: needEmail }),
      ...(missing > 0 && { password: said.tooShort(missing) }),
    }),
    send: async () => {
      const json = { ...typed, name: typed.name.trim(), email: typed.email.trim() }
      const { account } = await ask(api.auth['sign-up'].email.$post({ json }))
      signedIn(account)
    },
    wrongOf: refused,
  })
  return (
    <form ref={form} class="card" onSubmit={onSubmit} noValidate>
      {wrong.other && <Alert>{wrong.other}</Alert>}
      <Field label={said.name} hint={said.nameHint} error={wrong.name}>
        <input
          autocomplete="name"
          maxLength={100}
          value={typed.name}
          onInput={(e) => change({ name: e.currentTarget.value })}
        />
      </Field>
      <EmailField value={typed.email} error={wrong.email} onChange={(email) => change({ email })} />
      <PasswordField
        label={label}
        hint={said.rule}
        value={typed.password}
        autocomplete="new-password"
        error={wrong.password}
        onChange={(password) => change({ password })}
      />
      <button class="go" aria-busy={busy}>
        {said.submit}
      </button>
    </form>
  )
}

const refused = (error: unknown): Wrong<Fields> => {
  const { register: said, needEmail } = signIn()
  const errors = error instanceof Refusal ? (error.problem.errors ?? []) : []
  const at = (pointer: string) => errors.find((one) => one.pointer === pointer)
  const email = at('/email')
  if (email) return { email: email.code === 'unavailable' ? said.taken : needEmail }
  if (at('/name')) return { name: said.needName }
  if (at('/password')) return { password: said.rule }
  return { other: sentenceFor(error) }
}
