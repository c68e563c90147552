import { signIn } from '../words/sign-in.ts'
import { Field } from './field.tsx'

type Props = { value: string; error?: string | undefined; onChange: (email: string) => void }

export const EmailField = ({ value, error, onChange }: Props) => (
  <Field label={signIn().email} error={error}>
    <input
      type="email"
      autocomplete="username"
      autocapitalize="none"
      spellcheck={false}
      maxLength={254}
      value={value}
      onInput={(e) => onChange(e.currentTarget.value)}
    />
  </Field>
)
