import type { Database } from '../../../kernel/database.ts'
import type { Logger } from '../../../kernel/logger.ts'
import { record } from '../../../kernel/outbox.ts'
import { Problem } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { RefundEvent } from '../events.ts'
import type { Gateway, RefundOutcome } from '../gateway.ts'
import { countRefunded } from '../metrics.ts'

export type RequestRefund = {
  booking_id: string
  amount: number
  reason: string
  /** What the money goes back for: the same thing is never paid back twice. */
  business_key: string
  /** Of this payment only; otherwise the booking's newest payments first. */
  payment_id?: string
}

type Refund = {
  id: string
  payment_id: string
  booking_id: string
  amount: number
  currency: string
}

/**
 * Sends money on its way back, in the caller's transaction; the worker hands it to the gateway. Never
 * more than was captured: the payments are locked while what is left of them is counted.
 */
export const requestRefund = async ({ db }: { db: Database }, ask: RequestRefund) => {
  const payments = await refundable(db, ask)
  let rest = ask.amount
  for (const { id, left, currency } of payments) {
    const amount = Math.min(rest, left)
    if (amount <= 0) continue
    rest -= amount
    await request(db, ask, { payment_id: id, amount, currency })
  }
  if (rest > 0)
    throw new Problem('refund-exceeds-captured', undefined, { members: { lacking: rest } })
}

const refundable = async (db: Database, { booking_id, payment_id }: RequestRefund) => {
  await db.rows(sql('payments.lock_captured')`
    select id from payments.payments
     where booking_id = ${booking_id} and status = 'captured'
  order by id
       for no key update`)
  return db.rows<{ id: string; left: number; currency: string }>(sql('payments.refundable')`
    select p.id, p.currency,
           p.amount - coalesce((select sum(r.amount) from payments.refunds r
                                 where r.payment_id = p.id and r.status <> 'failed'), 0)::bigint as left
      from payments.payments p
     where p.booking_id = ${booking_id} and p.status = 'captured'
       and (${payment_id ?? null}::uuid is null or p.id = ${payment_id ?? null})
  order by p.created_at desc`)
}

const request = async (
  db: Database,
  { booking_id, reason, business_key }: RequestRefund,
  { payment_id, amount, currency }: { payment_id: string; amount: number; currency: string },
) => {
  const refund = await db.oneRow<Refund>(sql('payments.request_refund')`
    insert into payments.refunds (payment_id, booking_id, amount, currency, reason, business_key)
    values (${payment_id}, ${booking_id}, ${amount}, ${currency}, ${reason}, ${business_key})
 returning id, payment_id, booking_id, amount, currency`)
  await record(db, refundEvent('refund.requested', refund))
}

export type Needs = { db: Database; gateway: Gateway; logger: Logger }

/** Hands requested refunds to the gateway, each until it says yes or a final no. */
export const sendRefunds = async (needs: Needs): Promise<number> => {
  let sent = 0
  for (let next = await takeNext(needs.db); next; next = await takeNext(needs.db)) {
    const { id: refund_id, payment_id, amount } = next
    await settle(needs, next, await needs.gateway.refund({ refund_id, payment_id, amount }))
    sent += 1
  }
  return sent
}

// The attempt is counted before it is made: a crash in between repeats it later, and the gateway
// knows the refund's id.
const takeNext = (db: Database) =>
  db.maybeRow<Refund>(sql('payments.next_refund')`
    update payments.refunds
       set attempts = attempts + 1,
           next_attempt_at = clock_timestamp()
             + least(interval '10 minutes', interval '2 seconds' * power(2, least(attempts, 12)))
     where id = (select id from payments.refunds
                  where status = 'requested' and next_attempt_at <= clock_timestamp()
               order by next_attempt_at
                  limit 1
                    for no key update skip locked)
 returning id, payment_id, booking_id, amount, currency`)

const settle = async ({ db, logger }: Needs, refund: Refund, outcome: RefundOutcome) => {
  if (outcome.status === 'unknown') return
  const status = outcome.status === 'succeeded' ? 'succeeded' : 'failed'
  const last_error = outcome.status === 'refused' ? outcome.why : null
  await db.transaction(async (tx) => {
    const settled = await tx.maybeRow(sql('payments.settle_refund')`
      update payments.refunds
         set status = ${status}, last_error = ${last_error}, settled_at = clock_timestamp()
       where id = ${refund.id} and status = 'requested'
   returning id`)
    if (!settled) return
    if (status === 'succeeded') tx.afterCommit(() => countRefunded(refund))
    await record(tx, refundEvent(`refund.${status}`, refund))
  })
  if (outcome.status === 'refused')
    logger.error({ refund_id: refund.id, why: outcome.why }, 'refund refused: a person must look')
}

const refundEvent = (type: RefundEvent['type'], { id, ...refund }: Refund): RefundEvent => ({
  type,
  ordering_key: `booking:${refund.booking_id}`,
  data: { refund_id: id, ...refund },
})
