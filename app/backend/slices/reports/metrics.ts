import type { Database } from '../../kernel/database.ts'
import { gauge } from '../../kernel/metrics.ts'
import { countCapacity } from './queries/count-capacity.ts'
import { countStock } from './queries/count-stock.ts'
import type { Stock } from './queries/count-stock.ts'

/** Not a number until it has been counted, and again when it cannot be: a zero would be a lie. */
const unknown: Stock & { capacity: number } = {
  stuck: NaN,
  capacity: NaN,
  sold: NaN,
  oversold: NaN,
}
let stock = unknown
const seatsOf = new Map<string, number>()

gauge(
  'aeroflash_payments_stuck',
  'Payments that are processing for more than 15 minutes.',
  () => stock.stuck,
)
gauge('aeroflash_seats_capacity', 'Seats of flights still on sale.', () => stock.capacity)
gauge('aeroflash_seats_sold', 'Of those, the sold ones.', () => stock.sold)
gauge(
  'aeroflash_seats_oversold',
  'Owners of a seat beyond its first; must be 0.',
  () => stock.oversold,
)

/** Counts anew what the gauges show; the worker calls this. */
export const updateStock = async (needs: { db: Database }) => {
  try {
    stock = { ...(await countStock(needs)), capacity: await countCapacity(needs, seatsOf) }
  } catch (error) {
    stock = unknown
    throw error
  }
}
