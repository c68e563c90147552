import type { Event } from '../../kernel/outbox.ts'
import type { Line, PricedSlice } from './quote.ts'
import type { OfferedPassenger } from './passengers.ts'

export type { Line } from './quote.ts'
export type { OfferedPassenger } from './passengers.ts'

export type OfferCreated = Event<
  'offer.created',
  { offer_id: string; total: number; currency: string }
>

/** A slice as it was offered, with the seats that were held for it, in the order of the passengers. */
export type OfferedSlice = PricedSlice & {
  departs_at: string
  arrives_at: string
  seats: string[]
}

/** What other slices may know of an offer. */
export type Offer = {
  id: string
  slices: OfferedSlice[]
  passengers: OfferedPassenger[]
  pets: number
  promotion_code: string | null
  seat_hold_ids: string[]
  lines: Line[]
  total_amount: number
  currency: string
  quote_hash: string
  expires_at: Date
}
