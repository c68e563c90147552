import type { Event } from '../../kernel/outbox.ts'

export type Kind = 'seat' | 'infant' | 'pet'
export type Unit = { flight_id: string; kind: Kind; unit_code: string; cabin: string }

export type SeatsHeld = Event<
  'seat.held',
  { hold_id: string; flight_id: string; seats: string[]; expires_at: Date }
>
export type SeatsReleased = Event<'seat.released', { hold_id: string }>
