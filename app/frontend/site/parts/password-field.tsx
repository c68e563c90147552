import { useId, useState } from 'preact/hooks'
import { signIn } from '../words/sign-in.ts'
import { FieldNotes, describedBy } from './field.tsx'

type Props = {
  label: string
  value: string
  autocomplete: 'current-password' | 'new-password'
  hint?: string
  error?: string | undefined
  onChange: (password: string) => void
}

/** A password that can be looked at while it is typed. */
export const PasswordField = ({ label, value, autocomplete, hint, error, onChange }: Props) => {
  const said = signIn()
  const id = useId()
  const [isShown, show] = useState(false)
  return (
    <div class="field" data-invalid={error ? '' : undefined}>
      <label for={id}>{label}</label>
      <div class="password">
        <input
          id={id}
          {...(isShown ? { type: 'text' as const } : { type: 'password' as const })}
          autocomplete={autocomplete}
          autocapitalize="none"
          spellcheck={false}
          maxLength={128}
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy({ id, hint, error })}
          value={value}
          onInput={(e) => onChange(e.currentTarget.value)}
        />
        <button
          type="button"
          class="plain"
          aria-label={isShown ? said.hideWhat : said.showWhat}
          onClick={() => show(!isShown)}
        >
          {isShown ? said.hide : said.show}
        </button>
      </div>
      <FieldNotes {...{ id, hint, error }} />
    </div>
  )
}
