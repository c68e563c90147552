import { Refusal, api, ask, keyed, newKey } from '../api.ts'
import { language } from '../language.ts'
import { changeTrip, readTrip, rememberToken } from '../trip.ts'
import type { Person, Trip } from '../trip.ts'
import type { Offer } from './use-offer.ts'

/** What a passenger changes makes another booking, with a key of its own. */
export const editTrip = (changes: Partial<Trip>) => {
  const anew = { booking_key: undefined, booking: undefined, payment_key: undefined }
  // The offer and the seats of a booking that was placed are that booking's.
  const taken = readTrip().booking ? { offer_request: undefined, holds: [] } : {}
  changeTrip({ ...anew, ...taken, ...changes })
}

const passengerOf = (person: Person) => ({
  given_name: person.given_name.trim(),
  family_name: person.family_name.trim(),
  born_on: person.born_on,
  document: {
    type: person.document_type,
    number: person.document_number.trim(),
    issuing_country: person.document_country ?? 'CO',
  },
})

// Kept before it is sent: whatever becomes of the answer, the same booking is asked for again.
const keyFor = (offer: Offer) => {
  const { offer: known, booking_key } = readTrip()
  const key = known?.id === offer.id && booking_key ? booking_key : newKey()
  const { id, quote_hash, expires_at } = offer
  changeTrip({ booking_key: key, offer: { id, quote_hash, expires_at } })
  return key
}

export const placeBooking = async (offer: Offer) => {
  const { people, contact } = readTrip()
  const phone = contact.phone.trim()
  const json = {
    offer_id: offer.id,
    quote_hash: offer.quote_hash,
    contact: { email: contact.email.trim(), ...(phone && { phone }) },
    language: language.value,
    passengers: people.map(passengerOf),
  }
  const placed = await ask(api.bookings.$post({ header: {}, json }, keyed(keyFor(offer))))
  const { id, booking_reference, access_token } = placed
  changeTrip({ booking: { id, booking_reference, access_token } })
  if (access_token) rememberToken(id, access_token)
}

const renewable = ['offer-expired', 'price-changed', 'offer-used', 'idempotency-key-reused']

/** Whether another offer mends it: this one is over, or was booked with other content. */
export const needsNewOffer = (error: unknown) =>
  error instanceof Refusal && renewable.includes(error.kind)

export const forgetOffer = () => changeTrip({ offer_request: undefined, booking_key: undefined })
