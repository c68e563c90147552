import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { Refusal, api, ask } from '../api.ts'
import { language } from '../language.ts'
import { AccountPage } from '../parts/account-page.tsx'
import { Alert } from '../parts/alert.tsx'
import { EmailField } from '../parts/email-field.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { PASSWORD_MIN, isEmail, useAttempt } from '../parts/use-attempt.ts'
import type { Wrong } from '../parts/use-attempt.ts'
import { useSignal } from '../signal.ts'
import { sentenceFor } from '../words/problems.ts'
import { signIn } from '../words/sign-in.ts'

export const ResetPassword = () => {
  useSignal(language)
  const { reset: said } = signIn()
  const { token } = useLocation().query
  return (
    <AccountPage
      title={said.title}
      heading={token ? said.choose : said.heading}
      lead={token ? said.chooseLead : said.lead}
      ways={<a href="/sign-in">{said.back}</a>}
    >
      {token ? <ChooseForm key={token} token={token} /> : <AskForm />}
    </AccountPage>
  )
}

const AskForm = () => {
  const { reset: said, needEmail } = signIn()
  const [email, setEmail] = useState('')
  const [sentTo, setSentTo] = useState<string>()
  const { form, wrong, busy, onSubmit } = useAttempt<'email'>({
    look: () => (isEmail(email) ? {} : { email: needEmail }),
    send: async () => {
      await ask(api.auth['request-password-reset'].$post({ json: { email: email.trim() } }))
      setSentTo(email.trim())
    },
    wrongOf: (error) => ({ other: sentenceFor(error) }),
  })
  return (
    <form ref={form} class="card" onSubmit={onSubmit} noValidate>
      {wrong.other && <Alert>{wrong.other}</Alert>}
      {sentTo && (
        <Alert kind="good">
          <strong>{said.sent}</strong> {said.sentHow(sentTo)}
        </Alert>
      )}
      <EmailField value={email} error={wrong.email} onChange={setEmail} />
      <button class="go" aria-busy={busy}>
        {said.submit}
      </button>
    </form>
  )
}

type Fields = 'password' | 'link'

const ChooseForm = ({ token }: { token: string }) => {
  const { reset: said, register: rules } = signIn()
  const [password, setPassword] = useState('')
  const [isDone, setDone] = useState(false)
  const missing = PASSWORD_MIN - password.length
  const { form, wrong, busy, onSubmit } = useAttempt<Fields>({
    look: () => (missing > 0 ? { password: rules.tooShort(missing) } : {}),
    send: async () => {
      await ask(api.auth['reset-password'].$post({ json: { token, new_password: password } }))
      setDone(true)
    },
    wrongOf: refused,
  })
  if (isDone)
    return (
      <Alert kind="good">
        <strong>{said.done}</strong> {said.doneHow}
      </Alert>
    )
  return (
    <form ref={form} class="card" onSubmit={onSubmit} noValidate>
      {wrong.other && <Alert>{wrong.other}</Alert>}
      {wrong.link && (
        <Alert>
          <strong>{wrong.link}</strong> <a href="/reset-password">{said.staleHow}</a>
        </Alert>
      )}
      <PasswordField
        label={said.newPassword}
        hint={rules.rule}
        value={password}
        autocomplete="new-password"
        error={wrong.password}
        onChange={setPassword}
      />
      <button class="go" aria-busy={busy}>
        {said.save}
      </button>
    </form>
  )
}

const refused = (error: unknown): Wrong<Fields> => {
  const errors = error instanceof Refusal ? (error.problem.errors ?? []) : []
  if (errors.some(({ pointer }) => pointer === '/token')) return { link: signIn().reset.stale }
  if (errors.length > 0) return { password: signIn().register.rule }
  return { other: sentenceFor(error) }
}
