import { plusDays } from '../formats.ts'
import type { Party, Person } from '../trip.ts'
import { passengersWords } from '../words/passengers.ts'
import { personWords } from '../words/person-fields.ts'

export type Type = 'adult' | 'child' | 'infant'
/** By field, as '0.given_name', 'contact.email' or 'pets'. */
export type Errors = Record<string, string>

export const typesOf = ({ adults, children, infants }: Party): Type[] => [
  ...Array<Type>(adults).fill('adult'),
  ...Array<Type>(children).fill('child'),
  ...Array<Type>(infants).fill('infant'),
]

export const ageOn = (born_on: string, day: string) => {
  const years = Number(day.slice(0, 4)) - Number(born_on.slice(0, 4))
  return day.slice(5) < born_on.slice(5) ? years - 1 : years
}

export const typeOn = (born_on: string, day: string): Type => {
  const age = ageOn(born_on, day)
  return age < 2 ? 'infant' : age < 12 ? 'child' : 'adult'
}

/** A day of birth that suits no more than its form; its type may still be another. */
export const isBirthday = (born_on: string, day: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(born_on) && born_on <= day && ageOn(born_on, day) <= 120

const assumedAge: Record<Type, number> = { adult: 30, child: 8, infant: 1 }

/** For an estimate, before the day of birth is known. */
export const assumedBirthday = (type: Type, day: string) => {
  const before = plusDays(day, -40).replace('-02-29', '-02-28')
  return `${Number(before.slice(0, 4)) - assumedAge[type]}${before.slice(4)}`
}

export const nobody = (type: Type, isAbroad: boolean): Person => ({
  given_name: '',
  family_name: '',
  born_on: '',
  document_type: isAbroad ? 'passport' : type === 'infant' ? 'birth_certificate' : 'identity_card',
  document_number: '',
})

/** One person for each place. Who was known from another search takes a place of their own age. */
export const seated = (people: Person[], types: Type[], day: string, isAbroad: boolean) => {
  if (people.length === types.length) return people
  const left = [...people]
  return types.map((type) => {
    const fits = ({ born_on }: Person) =>
      isBirthday(born_on, day) ? typeOn(born_on, day) === type : type === 'adult'
    const i = left.findIndex(fits)
    return i < 0 ? nobody(type, isAbroad) : left.splice(i, 1)[0]!
  })
}

const counted = { adult: 'adults', child: 'children', infant: 'infants' } as const

/** The party and its people after one of them turns out to be of another type; or why it cannot be. */
export const retyped = (party: Party, people: Person[], index: number, type: Type) => {
  const types = typesOf(party)
  const next = { ...party }
  next[counted[types[index]!]]--
  next[counted[type]]++
  if (next.adults === 0) return { refusal: personWords().needAdult }
  if (next.infants > next.adults) return { refusal: personWords().noLap }
  types[index] = type
  const order: Type[] = ['adult', 'child', 'infant']
  return {
    party: { ...next, pets: Math.min(next.pets, next.adults) },
    people: order.flatMap((wanted) => people.filter((_, i) => types[i] === wanted)),
  }
}

// As the API asks; said here so that it is said at once.
const NAME = /^\p{L}[\p{L}\p{M}' .’-]*$/u
const DOCUMENT = /^[A-Za-z0-9-]{3,30}$/
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/
const PHONE = /^\+?[0-9 ()-]{6,24}$/
const PROMOTION = /^[A-Za-z0-9]{3,20}$/

export const bornError = (born_on: string, type: Type, day: string): string | undefined => {
  const said = personWords()
  if (!/^\d{4}-\d{2}-\d{2}$/.test(born_on)) return said.needBorn
  if (born_on > day) return said.notBorn
  const age = ageOn(born_on, day)
  if (age > 120) return said.tooOld
  const own = typeOn(born_on, day)
  if (own !== type) return said.mismatch(said.years(age), said.type[own].toLowerCase())
  return undefined
}

const nameError = (name: string, missing: string) =>
  name.trim() === '' ? missing : !NAME.test(name.trim()) && personWords().needName

type Form = {
  people: Person[]
  types: Type[]
  day: string
  contact: { email: string; phone: string }
  promotion_code: string
}

/** Everything that is wrong with what was typed, in the order of the page. */
export const lookAt = ({ people, types, day, contact, promotion_code }: Form): Errors => {
  const said = personWords()
  const page = passengersWords()
  const found: [string, string | false | undefined][] = people.flatMap((person, i) => [
    [`${i}.given_name`, nameError(person.given_name, said.needGiven)],
    [`${i}.family_name`, nameError(person.family_name, said.needFamily)],
    [`${i}.born_on`, bornError(person.born_on, types[i]!, day)],
    [`${i}.document_number`, !DOCUMENT.test(person.document_number.trim()) && said.needDocument],
  ])
  found.push(
    ['contact.email', !EMAIL.test(contact.email.trim()) && page.needEmail],
    ['contact.phone', contact.phone.trim() !== '' && !PHONE.test(contact.phone) && page.needPhone],
    [
      'promotion_code',
      promotion_code !== '' && !PROMOTION.test(promotion_code) && page.promotionShape,
    ],
  )
  return Object.fromEntries(found.filter(([, error]) => error)) as Errors
}
