import { useId } from 'preact/hooks'
import { words } from '../language.ts'
import '../style/counter.css'

const said = words({
  es: { less: 'Quitar', more: 'Agregar' },
  en: { less: 'Remove', more: 'Add' },
})

type Props = {
  label: string
  hint: string
  value: number
  min: number
  max: number
  onChange: (value: number) => void
}

/** A small number by two buttons. */
export const Counter = ({ label, hint, value, min, max, onChange }: Props) => {
  const id = useId()
  return (
    <div class="counter" role="group" aria-labelledby={id}>
      <div>
        <strong id={id}>{label}</strong>
        <small>{hint}</small>
      </div>
      <button
        type="button"
        class="second"
        disabled={value <= min}
        aria-label={`${said().less}: ${label}`}
        onClick={() => onChange(value - 1)}
      >
        −
      </button>
      <output aria-live="polite">{value}</output>
      <button
        type="button"
        class="second"
        disabled={value >= max}
        aria-label={`${said().more}: ${label}`}
        onClick={() => onChange(value + 1)}
      >
        +
      </button>
    </div>
  )
}
