import { z } from 'zod'
import type { Database } from '../../../kernel/database.ts'
import type { Currency } from '../../../kernel/money.ts'
import { invalid } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Flight } from '../../flights/events.ts'
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

export type Needs = {
  db: Database
  findFlights: (within: { db: Database }, ids: string[]) => Promise<Flight[]>
}

/** An account's bookings, newest first. */
export const listBookings = async (
  { db, findFlights }: Needs,
  { account_id, limit, after }: List,
) => {
  const cursor = after === undefined ? null : readCursor(after)
  const rows = await db.rows<Row>(sql('bookings.list')`
    select id, booking_reference, status, total_amount, currency, placed_at,
           array(select distinct flight_id from bookings.shown_items where booking_id = b.id) as flight_ids
      from bookings.bookings b
     where account_id = ${account_id}
       and (${cursor?.placed_at}::timestamptz is null
            or (placed_at, id) < (${cursor?.placed_at}::timestamptz, ${cursor?.id}::uuid))
  order by placed_at desc, id desc
     limit ${limit + 1}`)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const flights = await findFlights({ db }, [...new Set(page.flatMap((row) => row.flight_ids))])
  return {
    bookings: page.map(({ total_amount: amount, currency, flight_ids, ...booking }) => ({
      ...booking,
      total: { amount, currency },
      slices: flights.filter(({ id }) => flight_ids.includes(id)).map(listedSlice),
    })),
    meta: { limit, after: rows.length > limit && last ? writeCursor(last) : null },
  }
}

const listedSlice = (flight: Flight) => ({
  flight_id: flight.id,
  flight_number: flight.flight_number,
  origin: flight.origin,
  destination: flight.destination,
  departs_at: flight.departs_at,
  status: flight.status,
})

const writeCursor = ({ placed_at, id }: Row) =>
  Buffer.from(`${placed_at.toISOString()} ${id}`).toString('base64url')

const position = z.tuple([z.iso.datetime(), z.uuid()])

const readCursor = (cursor: string) => {
  const read = position.safeParse(Buffer.from(cursor, 'base64url').toString().split(' '))
  if (!read.success)
    throw invalid({ pointer: 'query/after', code: 'bad_cursor', detail: 'Not a cursor of ours.' })
  const [placed_at, id] = read.data
  return { placed_at, id }
}
