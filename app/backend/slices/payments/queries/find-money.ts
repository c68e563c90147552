import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'

type PaymentRow = { id: string; status: string; amount: number; created_at: Date }
type RefundRow = { id: string; status: string; amount: number; reason: string }

/** What was paid for a booking and what went back. */
export const findMoney = async ({ db }: { db: Database }, booking_id: string) => ({
  payments: await db.rows<PaymentRow>(sql('payments.of_booking')`
    select id, status, amount, created_at from payments.payments
     where booking_id = ${booking_id} order by created_at`),
  refunds: await db.rows<RefundRow>(sql('payments.refunds_of_booking')`
    select id, status, amount, reason from payments.refunds
     where booking_id = ${booking_id} order by requested_at`),
})
