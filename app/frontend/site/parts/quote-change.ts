import type { InferResponseType } from 'hono/client'
import { api, ask, keyed, newKey } from '../api.ts'
import { tokenOf } from '../trip.ts'
import type { Cabin } from '../trip.ts'
import { untilClear } from '../until-clear.ts'
import type { Slice } from './booking-summary.tsx'
import type { DemoCard } from './card-choice.tsx'
import { isProcessing, readBooking } from './use-booking.ts'
import type { Booking } from './use-booking.ts'

type Confirm = (typeof api)['change-quotes'][':id']['confirm']['$post']
export type ChangeQuote = InferResponseType<Confirm, 200>

// The API says where passengers live, though its document does not say so yet.
type Resident = { resident_of?: string | null }

/** What another flight in exchange for one of a booking's costs, for the same passengers and pets. */
export const quoteChange = async (
  { id, pets, passengers }: Booking,
  { flight_id: left, cabin }: Slice,
  flight_id: string,
): Promise<ChangeQuote> => {
  const json = {
    slices: [{ flight_id, cabin: cabin as Cabin }],
    passengers: passengers.map(
      ({ born_on, resident_of }: Booking['passengers'][number] & Resident) => ({
        born_on,
        ...(resident_of && { resident_of }),
      }),
    ),
    pets,
  }
  const offer = await ask(api.offers.$post({ header: {}, json }, keyed(newKey())))
  return ask(
    api.bookings[':id']['change-quotes'].$post(
      { header: {}, param: { id }, json: { offer_id: offer.id, remove_flight_ids: [left] } },
      keyed(newKey(), tokenOf(id)),
    ),
  )
}

type Attempt = { quote: ChangeQuote; key: string; card: DemoCard | undefined }

/** Puts a quoted change into force; `paying` when its money is still on its way. */
export const confirmChange = async (
  { quote: { id, booking_id }, key, card }: Attempt,
  onUnclear: (error: unknown) => void,
): Promise<'done' | 'paying'> => {
  const json = card ? { method: { type: 'card' as const, token: card } } : {}
  const confirm = api['change-quotes'][':id'].confirm.$post
  const send = () =>
    ask(confirm({ header: {}, param: { id }, json }, keyed(key, tokenOf(booking_id))))
  const said = await untilClear(send, onUnclear)
  return said.status === 'confirmed' ? 'done' : 'paying'
}

const LOOK_AGAIN_MS = 2_000

/** Waits until no money moves for a booking; true when it has changed since `before`. */
export const changeArrived = async (
  before: Booking,
  onUnclear: (error: unknown) => void,
): Promise<boolean> => {
  for (;;) {
    const now = await untilClear(() => readBooking(before.id), onUnclear)
    if (!isProcessing(now)) return now.version > before.version
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
}
