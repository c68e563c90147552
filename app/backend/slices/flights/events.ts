import type { Event } from '../../kernel/outbox.ts'

export const flightStatuses = [
  'scheduled',
  'delayed',
  'check_in',
  'boarding',
  'gate_closed',
  'departed',
  'en_route',
  'arrived',
  'diverted',
  'cancelled',
] as const

export const cabins = ['economy', 'premium_economy', 'business', 'first'] as const

export type Cabin = (typeof cabins)[number]

export type FlightStatus = (typeof flightStatuses)[number]

export type FlightStatusChanged = Event<
  'flight.status_changed',
  { flight_id: string; status: FlightStatus; delay_minutes: number; gate: string | null }
>

/** What other slices may know of a dated flight. */
export type Flight = {
  id: string
  flight_number: string
  departure_date: string
  origin: string
  destination: string
  aircraft_code: string
  distance_km: number
  departs_at: Date
  arrives_at: Date
  /** The calendar day at the destination. */
  arrival_date: string
  status: FlightStatus
  delay_minutes: number
  gate: string | null
  origin_region: string
  destination_region: string
}
