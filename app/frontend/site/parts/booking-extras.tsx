import type { Search, Trip } from '../trip.ts'
import { passengersWords } from '../words/passengers.ts'
import { Counter } from './counter.tsx'
import { Field } from './field.tsx'
import type { Errors } from './person-rules.ts'
import { editTrip } from './place-booking.ts'
import type { Places } from './use-places.ts'

type Props = {
  trip: Trip
  search: Search
  places: Places | undefined
  errors: Errors
  leave: (field: string) => void
  mended: (field: string) => void
}

/** How to reach the passengers, their pets and their promotion code. */
export const BookingExtras = (props: Props) => (
  <>
    <Contact {...props} />
    <Pets {...props} />
    <Promotion {...props} />
  </>
)

const Contact = ({ trip, errors, leave, mended }: Props) => {
  const said = passengersWords()
  const field = (name: 'email' | 'phone') => ({
    value: trip.contact[name],
    onInput: (e: preact.TargetedInputEvent<HTMLInputElement>) => {
      mended(`contact.${name}`)
      editTrip({ contact: { ...trip.contact, [name]: e.currentTarget.value } })
    },
    onBlur: () => leave(`contact.${name}`),
  })
  return (
    <fieldset class="card">
      <legend>
        <h2>{said.contact}</h2>
      </legend>
      <div class="grid two">
        <Field label={said.email} hint={said.emailHint} error={errors['contact.email']}>
          <input type="email" autocomplete="email" maxLength={254} {...field('email')} />
        </Field>
        <Field label={said.phone} hint={said.phoneHint} error={errors['contact.phone']}>
          <input type="tel" autocomplete="tel" maxLength={25} {...field('phone')} />
        </Field>
      </div>
    </fieldset>
  )
}

const Pets = ({ search, places, errors, mended }: Props) => {
  const said = passengersWords()
  const { party } = search
  const set = (pets: number) => {
    mended('pets')
    editTrip({ search: { ...search, party: { ...party, pets } } })
  }
  return (
    <section class="card pets" data-wrong={errors.pets ? '' : undefined} tabIndex={-1}>
      <h2>{said.pets}</h2>
      <Counter
        label={said.petsLabel}
        hint={said.petsHint}
        value={party.pets}
        min={0}
        max={Math.min(party.adults, 6)}
        onChange={set}
      />
      <p class="hint">
        {said.petsRules} {places && places.pets > 0 && said.petsLeft(places.pets)}
      </p>
      {errors.pets && (
        <small class="error" role="alert">
          {errors.pets}
        </small>
      )}
    </section>
  )
}

const Promotion = ({ trip, errors, leave, mended }: Props) => {
  const said = passengersWords()
  return (
    <section class="card">
      <Field label={said.promotion} hint={said.promotionHint} error={errors.promotion_code}>
        <input
          value={trip.promotion_code ?? ''}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={20}
          onInput={(e) => {
            mended('promotion_code')
            editTrip({ promotion_code: e.currentTarget.value.trim() || undefined })
          }}
          onBlur={() => leave('promotion_code')}
        />
      </Field>
    </section>
  )
}
