import type { Database } from '../../../kernel/database.ts'
import { record } from '../../../kernel/outbox.ts'
import type { Principal } from '../../../kernel/principal.ts'
import { Problem } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { PaymentEvent } from '../events.ts'

export type Purpose = 'booking' | 'change'
export type Due = { booking_id: string; amount: number; currency: string }

type Within = { db: Database }

/** What money can be for. The slice that sells it says what it costs and what happens when it comes. */
export type Payable = {
  /** Keeps it for the payer until `until`, or refuses. */
  begin(within: Within, ask: { subject_id: string; who: Principal; until: Date }): Promise<Due>
  /** Still on its way: keeps it for longer. */
  keep(within: Within, ask: { subject_id: string; until: Date }): Promise<void>
  /** Hands it over; false when it is gone, and then the money goes back. */
  captured(within: Within, ask: { subject_id: string }): Promise<boolean>
  /** The money did not come. */
  failed(within: Within, ask: { subject_id: string }): Promise<void>
}

export type Payables = Record<Purpose, Payable>

export type Payment = {
  id: string
  booking_id: string
  purpose: Purpose
  subject_id: string
  status: 'processing' | 'captured' | 'failed'
  amount: number
  currency: string
  decline_code: string | null
  created_at: Date
}

/** How long what is paid for is kept without news of the money; each look at it begins anew. */
export const KEPT_MINUTES = 10

export const keptUntil = (now: Date) => new Date(now.getTime() + KEPT_MINUTES * 60_000)

export type Needs = { db: Database; clock: () => Date; payables: Payables }

/** Writes down that money is about to move, before it does. Callers pass the transaction. */
export const startPayment = async (
  { db, clock, payables }: Needs,
  { purpose, subject_id, who }: { purpose: Purpose; subject_id: string; who: Principal },
): Promise<string> => {
  const until = keptUntil(clock())
  const due = await payables[purpose].begin({ db }, { subject_id, who, until })
  const started = await db.maybeRow<{ id: string }>(sql('payments.start')`
    insert into payments.payments (booking_id, purpose, subject_id, amount, currency)
    values (${due.booking_id}, ${purpose}, ${subject_id}, ${due.amount}, ${due.currency})
        on conflict (purpose, subject_id) where status in ('processing', 'captured') do nothing
 returning id`)
  if (!started) throw new Problem('payment-pending')
  await record(db, paymentEvent('payment.started', { ...due, id: started.id }))
  return started.id
}

export const paymentEvent = (
  type: PaymentEvent['type'],
  { id, booking_id, amount, currency }: Pick<Payment, 'id' | 'booking_id' | 'amount' | 'currency'>,
): PaymentEvent => ({
  type,
  ordering_key: `booking:${booking_id}`,
  data: { payment_id: id, booking_id, amount, currency },
})

export const findPayment = (db: Database, id: string) =>
  db.oneRow<Payment>(sql('payments.find')`
    select id, booking_id, purpose, subject_id, status, amount, currency, decline_code, created_at
      from payments.payments
     where id = ${id}`)
