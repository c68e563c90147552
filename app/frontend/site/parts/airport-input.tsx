import { useId, useRef, useState } from 'preact/hooks'
import { matching, useAirports } from '../airports.ts'
import type { Airport } from '../airports.ts'
import { words } from '../language.ts'
import '../style/combobox.css'

const said = words({
  es: {
    none: 'No volamos a ningún lugar con ese nombre.',
    loading: 'Cargando los aeropuertos…',
    found: (count: number) => (count === 1 ? '1 resultado' : `${count} resultados`),
  },
  en: {
    none: 'We fly to no place by that name.',
    loading: 'Loading the airports…',
    found: (count: number) => (count === 1 ? '1 result' : `${count} results`),
  },
})

const SHOWN_MAX = 8

type Props = {
  label: string
  value: string
  error?: string | undefined
  onChoose: (iata_code: string) => void
}

export const nameOf = ({ city, iata_code }: Airport) => `${city} (${iata_code})`

/** Type-ahead over all airports: arrows, Enter and Escape as in the ARIA combobox pattern. */
export const AirportInput = ({ label, value, error, onChoose }: Props) => {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const airports = useAirports()
  const chosen = airports.find(({ iata_code }) => iata_code === value)
  const [typed, setTyped] = useState<string | undefined>()
  const [active, setActive] = useState(0)
  const open = typed !== undefined
  const options = open ? matching(airports, typed).slice(0, SHOWN_MAX) : []

  const choose = (airport: Airport | undefined) => {
    if (airport) onChoose(airport.iata_code)
    setTyped(undefined)
  }
  const move = (by: number) =>
    setActive((active + by + options.length) % Math.max(1, options.length))

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return setTyped(undefined)
    if (event.key === 'Enter' && open) {
      event.preventDefault()
      return choose(options[active])
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    if (open) move(event.key === 'ArrowDown' ? 1 : -1)
    else setTyped('')
  }

  return (
    <div class="field combobox" data-invalid={error ? '' : undefined}>
      <label for={id}>{label}</label>
      <input
        ref={input}
        id={id}
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={options[active] && `${id}-${options[active].iata_code}`}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        value={typed ?? (chosen ? nameOf(chosen) : value)}
        onFocus={(event) => event.currentTarget.select()}
        onInput={(event) => {
          setTyped(event.currentTarget.value)
          setActive(0)
        }}
        onBlur={() => choose(open && typed !== '' ? options[active] : undefined)}
        onKeyDown={onKeyDown}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={label} hidden={!open}>
        {options.map((airport, i) => (
          <li
            key={airport.iata_code}
            id={`${id}-${airport.iata_code}`}
            role="option"
            aria-selected={i === active}
            // The input must not lose its focus before the choice is made.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(airport)}
          >
            <strong>{airport.city}</strong> <span>{airport.iata_code}</span>
            <small>{airport.name}</small>
          </li>
        ))}
      </ul>
      {open && options.length === 0 && (
        <small>{airports.length > 0 ? said().none : said().loading}</small>
      )}
      <span class="visually-hidden" role="status">
        {open ? said().found(options.length) : ''}
      </span>
      {error && (
        <small id={`${id}-error`} class="error">
          {error}
        </small>
      )}
    </div>
  )
}
