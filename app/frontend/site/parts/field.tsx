import { cloneElement } from 'preact'
import type { VNode } from 'preact'
import { useId } from 'preact/hooks'

type Props = {
  label: string
  /** What to know before typing. */
  hint?: string | undefined
  /** What is wrong and how to mend it; shown and read out at the field. */
  error?: string | undefined
  /** One input or select. */
  children: VNode<object>
}

/** A control with its label, hint and error tied to it for those who see and those who listen. */
export const Field = ({ label, hint, error, children }: Props) => {
  const id = useId()
  return (
    <div class="field" data-invalid={error ? '' : undefined}>
      <label for={id}>{label}</label>
      {cloneElement(children, {
        id,
        'aria-invalid': error ? true : undefined,
        'aria-describedby': describedBy({ id, hint, error }),
      })}
      <FieldNotes {...{ id, hint, error }} />
    </div>
  )
}

type Notes = { id: string; hint?: string | undefined; error?: string | undefined }

/** The ids of what is written below a control, for the control to name. */
export const describedBy = ({ id, hint, error }: Notes) =>
  [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined

export const FieldNotes = ({ id, hint, error }: Notes) => (
  <>
    {hint && (
      <small id={`${id}-hint`} class="hint">
        {hint}
      </small>
    )}
    {error && (
      <small id={`${id}-error`} class="error">
        {error}
      </small>
    )}
  </>
)
