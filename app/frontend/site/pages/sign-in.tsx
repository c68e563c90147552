import { useState } from 'preact/hooks'
import { signedIn } from '../account.ts'
import { Refusal, api, ask } from '../api.ts'
import { language } from '../language.ts'
import { comingBackTo } from '../next-page.ts'
import { AccountPage, useGoOnSignedIn } from '../parts/account-page.tsx'
import { Alert } from '../parts/alert.tsx'
import { EmailField } from '../parts/email-field.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { isEmail, useAttempt } from '../parts/use-attempt.ts'
import type { Wrong } from '../parts/use-attempt.ts'
import { useSignal } from '../signal.ts'
import { sentenceFor } from '../words/problems.ts'
import { signIn } from '../words/sign-in.ts'

export const SignIn = () => {
  useSignal(language)
  const said = signIn()
  const next = useGoOnSignedIn()
  const ways = (
    <>
      <a href={comingBackTo('/register', next)}>{said.noAccount}</a>
      <a href="/reset-password">{said.forgot}</a>
      <a href="/booking">{said.guest}</a>
    </>
  )
  return (
    <AccountPage {...said} ways={ways}>
      <SignInForm />
    </AccountPage>
  )
}

const SignInForm = () => {
  const said = signIn()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const { form, wrong, busy, onSubmit } = useAttempt<'email' | 'password'>({
    look: () => ({
      ...(!isEmail(email) && { email: said.needEmail }),
      ...(password === '' && { password: said.needPassword }),
    }),
    send: async () => {
      const json = { email: email.trim(), password }
      const { account } = await ask(api.auth['sign-in'].email.$post({ json }))
      signedIn(account)
    },
    wrongOf: refused,
  })
  return (
    <form ref={form} class="card" onSubmit={onSubmit} noValidate>
      {wrong.other && <Alert>{wrong.other}</Alert>}
      <EmailField value={email} error={wrong.email} onChange={setEmail} />
      <PasswordField
        label={said.password}
        value={password}
        autocomplete="current-password"
        error={wrong.password}
        onChange={setPassword}
      />
      <button class="go" aria-busy={busy}>
        {said.submit}
      </button>
    </form>
  )
}

const refused = (error: unknown): Wrong<'email' | 'password'> =>
  error instanceof Refusal && error.kind === 'unauthenticated'
    ? { password: signIn().pair }
    : { other: sentenceFor(error) }
