import type { Event } from '../../kernel/outbox.ts'

export const bookingStatuses = [
  'pending_payment',
  'confirmed',
  'expired',
  'cancelled',
  'failed',
  'completed',
] as const
export type BookingStatus = (typeof bookingStatuses)[number]

type Told = { booking_id: string; booking_reference: string; version: number }

export type BookingEvent = Event<
  | 'booking.created'
  | 'booking.confirmed'
  | 'booking.changed'
  | 'booking.cancelled'
  | 'booking.expired'
  | 'booking.failed'
  | 'booking.completed',
  Told & { reason: string }
>
export type SweetsBooked = Event<
  'booking.sweets_booked',
  { booking_id: string; bags: number; cost: number; currency: string }
>
