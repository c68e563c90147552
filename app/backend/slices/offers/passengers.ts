import { Problem, invalid } from '../../kernel/problems.ts'

export type PassengerType = 'adult' | 'child' | 'infant_without_seat'
export type AskedPassenger = { born_on: string; resident_of?: string | undefined }
export type OfferedPassenger = {
  ordinal: number
  type: PassengerType
  born_on: string
  resident_of: string | null
}

/** Whole years on a day, both as YYYY-MM-DD. Who was born on 29 February has it on 1 March. */
export const ageOn = (born_on: string, day: string): number => {
  const years = Number(day.slice(0, 4)) - Number(born_on.slice(0, 4))
  return day.slice(5) < born_on.slice(5) ? years - 1 : years
}

const typeOf = (age: number): PassengerType =>
  age < 2 ? 'infant_without_seat' : age < 12 ? 'child' : 'adult'

/**
 * Types follow from the age on the day of the last flight, as airlines reckon it: a child who turns
 * twelve on the way pays as an adult. Each infant needs a lap; nobody under twelve travels alone.
 */
export const passengersOn = (asked: AskedPassenger[], lastDay: string): OfferedPassenger[] => {
  const passengers = asked.map(({ born_on, resident_of }, index) => {
    if (born_on > lastDay)
      throw invalid({
        pointer: `/passengers/${index}/born_on`,
        code: 'not_born_yet',
        detail: 'A passenger must be born before the flight.',
      })
    const age = ageOn(born_on, lastDay)
    if (age > 120)
      throw invalid({
        pointer: `/passengers/${index}/born_on`,
        code: 'too_old',
        detail: 'Nobody is over 120; look at the year.',
      })
    return { ordinal: index + 1, type: typeOf(age), born_on, resident_of: resident_of ?? null }
  })
  requireAdults(passengers)
  return passengers
}

const requireAdults = (passengers: OfferedPassenger[]) => {
  const count = (type: PassengerType) => passengers.filter((p) => p.type === type).length
  if (count('adult') === 0 && count('infant_without_seat') === 0)
    throw invalid({
      pointer: '/passengers',
      code: 'adult_required',
      detail: 'A passenger under 12 travels with one of 12 or older.',
    })
  if (count('infant_without_seat') > count('adult'))
    throw new Problem('infant-without-adult', undefined, {
      members: { infants: count('infant_without_seat'), adults: count('adult') },
    })
}

export const needsSeat = ({ type }: { type: PassengerType }) => type !== 'infant_without_seat'
