import type { Database } from '../../../kernel/database.ts'
import type { Currency } from '../../../kernel/money.ts'
import { invalid } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { BookingStatus } from '../events.ts'

type Row = {
  id: string
  booking_reference: string
  status: BookingStatus
  total_amount: number
  currency: Currency
  placed_at: Date
  flight_ids: string[]
}

export type List = { account_id: string; limit: number; after?: string | undefined }

/** An account's bookings, newest first. */
export const listBookings = async (
  { db }: { db: Database },
  { account_id, limit, after }: List,
) => {
  const cursor = after === undefined ? null : readCursor(after)
  const rows = await db.rows<Row>(sql('bookings.list')`
    select id, booking_reference, status, total_amount, currency, placed_at,
           array(select distinct flight_id from bookings.items where booking_id = b.id) as flight_ids
      from bookings.bookings b
     where account_id = ${account_id}
       and (${cursor?.placed_at}::timestamptz is null
            or (placed_at, id) < (${cursor?.placed_at}::timestamptz, ${cursor?.id}::uuid))
  order by placed_at desc, id desc
     limit ${limit + 1}`)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    bookings: page.map(({ total_amount: amount, currency, ...booking }) => ({
      ...booking,
      total: { amount, currency },
    })),
    meta: { limit, after: rows.length > limit && last ? writeCursor(last) : null },
  }
}

const writeCursor = ({ placed_at, id }: Row) =>
  Buffer.from(`${placed_at.toISOString()} ${id}`).toString('base64url')

const readCursor = (cursor: string) => {
  const [placed_at = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ')
  if (Number.isNaN(Date.parse(placed_at)) || !/^[0-9a-f-]{36}$/.test(id))
    throw invalid({ pointer: 'query/after', code: 'bad_cursor', detail: 'Not a cursor of ours.' })
  return { placed_at, id }
}
