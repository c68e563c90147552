import { useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import { signedIn, useAccount } from '../account.ts'
import { Refusal, api, ask } from '../api.ts'
import { language } from '../language.ts'
import { comingBackTo, nextPage } from '../next-page.ts'
import { Alert } from '../parts/alert.tsx'
import { EmailField } from '../parts/email-field.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { isEmail, useAttempt } from '../parts/use-attempt.ts'
import type { Wrong } from '../parts/use-attempt.ts'
import { useTitle } from '../parts/use-title.ts'
import { useSignal } from '../signal.ts'
import { sentenceFor } from '../words/problems.ts'
import { signIn } from '../words/sign-in.ts'
import '../style/sign-in.css'

export const SignIn = () => {
  useSignal(language)
  const said = signIn()
  useTitle(said.title)
  const { query, route } = useLocation()
  const account = useAccount()
  useEffect(() => {
    if (account) route(nextPage(query.next), true)
  }, [account])
  return (
    <div class="account">
      <h1>{said.heading}</h1>
      <p>{said.lead}</p>
      <SignInForm />
      <p class="ways">
        <a href={comingBackTo('/register', query.next)}>{said.noAccount}</a>
        <a href="/reset-password">{said.forgot}</a>
        <a href="/booking">{said.guest}</a>
      </p>
    </div>
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
