import type { FlightStatus } from './events.ts'

const order: FlightStatus[] = [
  'scheduled',
  'delayed',
  'check_in',
  'boarding',
  'gate_closed',
  'departed',
  'en_route',
  'arrived',
]

const airborne = new Set<FlightStatus>(['departed', 'en_route'])

/**
 * Whether a flight may go from one status to another: forward only, save that a delay may come and go
 * until the gate closes; nothing follows an end, and what is in the air can only arrive or divert.
 */
export const follows = (from: FlightStatus, to: FlightStatus): boolean => {
  if (from === to) return from !== 'arrived' && from !== 'cancelled'
  if (from === 'arrived' || from === 'cancelled') return false
  if (from === 'diverted') return to === 'arrived'
  if (to === 'diverted') return airborne.has(from)
  if (to === 'cancelled') return !airborne.has(from)
  if (to === 'delayed') return order.indexOf(from) < order.indexOf('gate_closed')
  if (from === 'delayed') return true
  return order.indexOf(to) > order.indexOf(from)
}
