import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import type { RefundRule } from '../retention.ts'

/** The rules in force on a day for leaving flights by `cancellation` or by `change`. */
export const findRefundRules = (
  { db }: { db: Database },
  { applies_to, now }: { applies_to: 'cancellation' | 'change'; now: Date },
) =>
  db.rows<RefundRule>(sql('bookings.refund_rules')`
    select id, code, market, within_hours_of_purchase, min_hours_before_departure,
           retention_basis_points, retention_max_amount, name_es, name_en, version
      from bookings.refund_rules
     where applies_to = ${applies_to}
       and valid_from <= ${now}::date
       and coalesce(valid_to, 'infinity') >= ${now}::date
  order by code`)
