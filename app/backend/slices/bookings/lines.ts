import type { Database } from '../../kernel/database.ts'
import { sql } from '../../kernel/sql.ts'
import type { Line } from '../offers/events.ts'

/** A line of a booking: what was offered, or what takes one back or is kept. */
export type BookingLine = Omit<Line, 'flight_id' | 'currency'> & {
  id: number
  flight_id: string | null
  currency: string
  reverses_line_id: number | null
}

export type NewLine = Omit<BookingLine, 'id'>

/** Lines are only ever added; `version` is the version of the booking that they belong to. */
export const addLines = async (
  tx: Database,
  { booking_id, version, lines }: { booking_id: string; version: number; lines: NewLine[] },
) => {
  await tx.rows(sql('bookings.add_lines')`
    insert into bookings.lines
           (booking_id, version, kind, code, passenger, flight_id, quantity, amount, currency,
            refundable, rule_id, rule_version, name_es, name_en, reverses_line_id)
    select ${booking_id}, ${version}, kind, code, passenger, flight_id, quantity, amount, currency,
           refundable, rule_id, rule_version, name_es, name_en, reverses_line_id
      from jsonb_to_recordset(${JSON.stringify(lines)})
        as l (kind text, code text, passenger int, flight_id uuid, quantity int, amount bigint,
              currency text, refundable boolean, rule_id text, rule_version int, name_es text,
              name_en text, reverses_line_id bigint)`)
}

export const offered = (line: Line): NewLine => ({ ...line, reverses_line_id: null })

/** Lines that stand: neither taken back nor taking back. */
export const standingLines = ({ db }: { db: Database }, booking_id: string) =>
  db.rows<BookingLine>(sql('bookings.standing_lines')`
    select id, kind, code, passenger, flight_id, quantity, amount, currency, refundable,
           rule_id, rule_version, name_es, name_en, reverses_line_id
      from bookings.lines l
     where booking_id = ${booking_id}
       and reverses_line_id is null
       and kind <> 'penalty'
       and not exists (select from bookings.lines r where r.reverses_line_id = l.id)
  order by id`)
