import { z } from 'zod'
import type { Charge } from './charges.ts'
import { problem } from './problems.ts'

export type Refund = {
  id: string
  charge_id: string
  /** In minor units of the charge's currency. */
  amount: number
  currency: string
  status: 'succeeded'
}

export type RefundOrder = z.infer<typeof refundOrder>
export const refundOrder = z.strictObject({
  charge_id: z.uuid().toLowerCase(),
  amount: z.int().positive(),
})

type Needs = { findCharge: (id: string) => Charge; log: (line: object) => void }

/** Money given back, by the caller's id; never more in all than the charge captured. */
export const createRefunds = ({ findCharge, log }: Needs) => {
  const refunds = new Map<string, Refund>()
  const refundedByCharge = new Map<string, number>()

  const place = (id: string, order: RefundOrder): { refund: Refund; created: boolean } => {
    const known = refunds.get(id)
    if (known) return { refund: replay(known, order), created: false }

    const charge = findCharge(order.charge_id)
    const refunded = (refundedByCharge.get(charge.id) ?? 0) + order.amount
    refuseUnlessRefundable(charge, refunded)

    const refund: Refund = { id, ...order, currency: charge.currency, status: 'succeeded' }
    refunds.set(id, refund)
    refundedByCharge.set(charge.id, refunded)
    log({ msg: 'refund', refund_id: id, charge_id: charge.id })
    return { refund, created: true }
  }

  const find = (id: string): Refund => {
    const refund = refunds.get(id)
    if (!refund) throw problem(404, 'no-such-refund', 'There is no refund by that id.')
    return refund
  }

  return { place, find, list: () => [...refunds.values()] }
}

const replay = (refund: Refund, again: RefundOrder): Refund => {
  if (refund.charge_id !== again.charge_id || refund.amount !== again.amount)
    throw problem(422, 'refund-mismatch', 'That id belongs to a refund with another body.')
  return refund
}

const refuseUnlessRefundable = (charge: Charge, refunded: number) => {
  if (charge.status !== 'captured')
    throw problem(409, 'charge-not-captured', `That charge is ${charge.status}, not captured.`)
  if (refunded > charge.amount)
    throw problem(409, 'refund-exceeds-captured', 'More would go back than the charge captured.')
}
