import { useMemo } from 'preact/hooks'
import { language } from '../language.ts'
import type { Person } from '../trip.ts'
import { personWords } from '../words/person-fields.ts'
import { countries } from './countries.ts'
import { Field } from './field.tsx'
import { isBirthday, typeOn } from './person-rules.ts'
import type { Errors, Type } from './person-rules.ts'

type Props = {
  index: number
  type: Type
  person: Person
  errors: Errors
  /** The day of the last flight: it decides who is a child. */
  day: string
  asksResidence: boolean
  isAbroad: boolean
  onChange: (field: keyof Person, value: string | undefined) => void
  onLeave: (field: string) => void
  onRetype: (type: Type) => void
}

/** One passenger, with the rule of their age said before it can be broken. */
export const PersonFields = (props: Props) => {
  const { index, type, person, errors, onChange, onLeave } = props
  const said = personWords()
  const errorOf = (field: keyof Person) => errors[`${index}.${field}`]
  const text = (field: 'given_name' | 'family_name', autocomplete: string) => ({
    value: person[field],
    maxLength: 80,
    autocomplete: `section-passenger${index + 1} ${autocomplete}`,
    onInput: (e: preact.TargetedInputEvent<HTMLInputElement>) =>
      onChange(field, e.currentTarget.value),
    onBlur: () => onLeave(`${index}.${field}`),
  })
  return (
    <fieldset class="card person">
      <legend>
        <h2>
          {said.passenger(index + 1)} <span>{said.type[type]}</span>
        </h2>
      </legend>
      <div class="grid two">
        <Field label={said.given} error={errorOf('given_name')}>
          <input {...text('given_name', 'given-name')} />
        </Field>
        <Field label={said.family} error={errorOf('family_name')}>
          <input {...text('family_name', 'family-name')} />
        </Field>
        <Birthday {...props} />
        <DocumentFields {...props} />
      </div>
      {props.asksResidence && (
        <label class="check">
          <input
            type="checkbox"
            checked={person.resident_of === 'CO-SAP'}
            onChange={(e) =>
              onChange('resident_of', e.currentTarget.checked ? 'CO-SAP' : undefined)
            }
          />
          <span>
            {said.resident}
            <small>{said.residentHint}</small>
          </span>
        </label>
      )}
    </fieldset>
  )
}

const Birthday = ({ index, type, person, errors, day, onChange, onLeave, onRetype }: Props) => {
  const said = personWords()
  const error = errors[`${index}.born_on`]
  const own = isBirthday(person.born_on, day) ? typeOn(person.born_on, day) : type
  return (
    <div>
      <Field label={said.born} hint={said.rule[type]} error={error}>
        <input
          type="date"
          min="1900-01-01"
          max={day}
          autocomplete={`section-passenger${index + 1} bday`}
          value={person.born_on}
          onInput={(e) => onChange('born_on', e.currentTarget.value)}
          onBlur={() => onLeave(`${index}.born_on`)}
        />
      </Field>
      {error && own !== type && (
        <p class="mend">
          <button type="button" class="second" onClick={() => onRetype(own)}>
            {said.retype(said.type[own].toLowerCase())}
          </button>
          <a href="/">{said.search}</a>
        </p>
      )}
    </div>
  )
}

const documents = ['identity_card', 'passport', 'birth_certificate'] as const

const DocumentFields = ({ index, person, errors, isAbroad, onChange, onLeave }: Props) => {
  const said = personWords()
  const named = useMemo(countries, [language.value])
  return (
    <>
      <Field label={said.documentType} hint={isAbroad ? said.abroad : undefined}>
        <select
          value={person.document_type}
          onChange={(e) => onChange('document_type', e.currentTarget.value)}
        >
          {documents.map((document) => (
            <option key={document} value={document}>
              {said.documents[document]}
            </option>
          ))}
        </select>
      </Field>
      <Field label={said.documentNumber} error={errors[`${index}.document_number`]}>
        <input
          value={person.document_number}
          maxLength={30}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          onInput={(e) => onChange('document_number', e.currentTarget.value)}
          onBlur={() => onLeave(`${index}.document_number`)}
        />
      </Field>
      <Field label={said.country}>
        <select
          value={person.document_country ?? 'CO'}
          onChange={(e) => onChange('document_country', e.currentTarget.value)}
        >
          {named.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </Field>
    </>
  )
}
