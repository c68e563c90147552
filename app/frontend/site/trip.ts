import { signal, useSignal } from './signal.ts'

/** A passenger as searched for: the age decides the fare and the seat. */
export type Party = { adults: number; children: number; infants: number; pets: number }

export type Search = {
  origin: string
  destination: string
  departure_date: string
  return_date?: string | undefined
  party: Party
}

export type Cabin = 'economy' | 'premium_economy' | 'business' | 'first'

export type Person = {
  given_name: string
  family_name: string
  born_on: string
  document_type: 'identity_card' | 'passport' | 'birth_certificate'
  document_number: string
  /** Colombia when it is not said. */
  document_country?: string | undefined
  resident_of?: string | undefined
}

export type Hold = {
  id: string
  flight_id: string
  seats: string[]
  expires_at: string
  extendable_until: string
}

/** What a passenger has put together so far. Kept for the tab: a reload or the back button lose nothing. */
export type Trip = {
  search?: Search
  /** In the order in which they are flown: there, and back. */
  flight_ids: string[]
  /** The cabin in which the chosen fare is, by flight; economy when it is not said. */
  cabins?: Record<string, Cabin> | undefined
  holds: Hold[]
  people: Person[]
  contact: { email: string; phone: string }
  promotion_code?: string | undefined
  offer?: { id: string; quote_hash: string; expires_at: string } | undefined
  /** What the offer was asked with, and the key: the same content after a reload is the same offer. */
  offer_request?: { content: string; key: string } | undefined
  /** The key of the booking under way: a double click or a reload sends the same one. */
  booking_key?: string | undefined
  booking?: { id: string; booking_reference: string; access_token?: string | undefined } | undefined
  /** The key of the payment under way, until its answer is known. */
  payment_key?: string | undefined
  /** The card that the key was used with: another card is another payment. */
  payment_card?: string | undefined
}

const PLACE = 'trip'

const empty: Trip = { flight_ids: [], holds: [], people: [], contact: { email: '', phone: '' } }

const kept = (): Trip => {
  try {
    return { ...empty, ...(JSON.parse(sessionStorage.getItem(PLACE) ?? '{}') as Partial<Trip>) }
  } catch {
    return empty
  }
}

const trip = signal<Trip>(kept())

export const useTrip = () => useSignal(trip)

export const readTrip = () => trip.value

export const changeTrip = (change: Partial<Trip>) => {
  trip.value = { ...trip.value, ...change }
  sessionStorage.setItem(PLACE, JSON.stringify(trip.value))
}

/** Begins anew with a search; who travels and how to reach them is kept. */
export const beginTrip = (search: Search) => {
  const { people, contact } = trip.value
  trip.value = { ...empty, people, contact }
  changeTrip({ search })
}

export const seatsNeeded = ({ adults, children }: Party) => adults + children

// The tokens of guests' bookings outlive the tab, so that a confirmation can be opened again.
const TOKENS = 'booking-tokens'

const tokens = (): Record<string, string> => {
  try {
    return JSON.parse(localStorage.getItem(TOKENS) ?? '{}') as Record<string, string>
  } catch {
    return {}
  }
}

export const rememberToken = (booking_id: string, access_token: string) =>
  localStorage.setItem(TOKENS, JSON.stringify({ ...tokens(), [booking_id]: access_token }))

/** The token that opens a guest's booking on this device; an account needs none. */
export const tokenOf = (booking_id: string): string | undefined => tokens()[booking_id]
