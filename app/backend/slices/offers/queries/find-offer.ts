import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Offer } from '../events.ts'

export const findOffer = ({ db }: { db: Database }, id: string) =>
  db.maybeRow<Offer>(sql('offers.find')`
    select id, slices, passengers, pets, promotion_code, seat_hold_ids, lines, total_amount,
           currency, quote_hash, expires_at
      from offers.offers
     where id = ${id}`)
