import type { Database } from '../../../kernel/database.ts'
import { record } from '../../../kernel/outbox.ts'
import { sql } from '../../../kernel/sql.ts'
import type { ChargeOutcome, Gateway } from '../gateway.ts'
import { countCaptured, countPayment } from '../metrics.ts'
import { requestRefund } from './refund.ts'
import { findPayment, keptUntil, paymentEvent } from './start-payment.ts'
import type { Needs, Payment } from './start-payment.ts'

/** Charges a payment that was started, and settles what the gateway says at once. */
export const charge = async (
  needs: Needs & { gateway: Gateway },
  { payment_id, token }: { payment_id: string; token: string },
): Promise<Payment> => {
  const payment = await findPayment(needs.db, payment_id)
  if (payment.status !== 'processing') return payment
  const { amount, currency } = payment
  const outcome = await needs.gateway.charge({ payment_id, amount, currency, token })
  const settled = await settlePayment(needs, payment_id, outcome)
  if (settled.status === 'processing') countPayment('processing')
  return settled
}

/**
 * Writes what became of a charge and lets it have its effect, once, whoever hears it first: the
 * answer, the webhook or the completer. No news is no failure: the payment stays `processing`.
 */
export const settlePayment = (needs: Needs, payment_id: string, outcome: ChargeOutcome) =>
  needs.db.transaction(async (tx) => {
    const within = { ...needs, db: tx }
    if (outcome.status === 'captured') await settleCaptured(within, payment_id)
    else if (outcome.status === 'declined')
      await settleFailed(within, payment_id, { ...outcome, outcome: 'declined' })
    else if (outcome.status === 'cancelled')
      await settleFailed(within, payment_id, { decline_code: 'not_received', outcome: 'failed' })
    return findPayment(tx, payment_id)
  })

const settleCaptured = async ({ db, payables }: Needs, id: string) => {
  const payment = await moveOn(db, id, { status: 'captured', decline_code: null })
  if (!payment) return
  db.afterCommit(() => countCaptured(payment))
  await record(db, paymentEvent('payment.captured', payment))
  const { purpose, subject_id, booking_id, amount } = payment
  if (await payables[purpose].captured({ db }, { subject_id })) return
  await requestRefund(
    { db },
    {
      booking_id,
      payment_id: id,
      amount,
      reason: 'nothing left to sell',
      business_key: `lost:${id}`,
    },
  )
}

type Failure = { decline_code: string; outcome: 'declined' | 'failed' }

const settleFailed = async (
  { db, payables }: Needs,
  id: string,
  { decline_code, outcome }: Failure,
) => {
  const payment = await moveOn(db, id, { status: 'failed', decline_code })
  if (!payment) return
  db.afterCommit(() => countPayment(outcome))
  await record(db, paymentEvent('payment.failed', payment))
  await payables[payment.purpose].failed({ db }, { subject_id: payment.subject_id })
}

// Conditional on `processing`: of all who bring the same news one has the effect.
const moveOn = (
  db: Database,
  id: string,
  { status, decline_code }: { status: 'captured' | 'failed'; decline_code: string | null },
) =>
  db.maybeRow<Payment>(sql('payments.settle')`
    update payments.payments
       set status = ${status}, decline_code = ${decline_code}, settled_at = clock_timestamp()
     where id = ${id} and status = 'processing'
 returning id, booking_id, purpose, subject_id, status, amount, currency, decline_code, created_at`)

/** Looks after payments without news: asks the gateway what became of them. The worker calls this. */
export const reconcilePayments = async (needs: Needs & { gateway: Gateway }): Promise<number> => {
  let looked = 0
  for (let next = await takeNext(needs); next; next = await takeNext(needs)) {
    await settlePayment(needs, next.id, await needs.gateway.resolve(next.id))
    looked += 1
  }
  return looked
}

// Looking later and later, from seconds to minutes; the one who looks takes it off the others' list.
const takeNext = ({ db, clock, payables }: Needs) =>
  db.transaction(async (tx) => {
    const next = await tx.maybeRow<Payment>(sql('payments.next_unsettled')`
      update payments.payments p
         set next_check_at = clock_timestamp()
             + least(interval '5 minutes', greatest(interval '5 seconds', clock_timestamp() - p.created_at))
       where id = (select id from payments.payments
                    where status = 'processing' and next_check_at <= clock_timestamp()
                 order by next_check_at
                    limit 1
                      for no key update skip locked)
   returning id, booking_id, purpose, subject_id, status, amount, currency, decline_code, created_at`)
    if (next)
      await payables[next.purpose].keep(
        { db: tx },
        { subject_id: next.subject_id, until: keptUntil(clock()) },
      )
    return next
  })
