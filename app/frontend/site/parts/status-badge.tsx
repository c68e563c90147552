import { bookingParts } from '../words/booking-parts.ts'

const looks: Record<string, string> = {
  confirmed: 'good',
  completed: 'good',
  cancelled: 'bad',
  expired: 'bad',
  failed: 'bad',
}

/** How a booking stands, in words first and colour second. */
export const StatusBadge = ({ status }: { status: string }) => (
  <span class={`badge ${looks[status] ?? ''}`}>{bookingParts().statuses[status] ?? status}</span>
)
