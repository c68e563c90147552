import { tally } from '../../kernel/metrics.ts'
import { currencies } from '../../kernel/money.ts'

const payments = tally(
  'aeroflash_payments_payments_total',
  'Payments, by what came of them; processing: those that did not settle at once.',
  'outcome',
)
const outcomes = {
  captured: payments.of('captured'),
  declined: payments.of('declined'),
  processing: payments.of('processing'),
  failed: payments.of('failed'),
}

const captured = tally(
  'aeroflash_payments_captured_cents_total',
  'Money that came in, in minor units.',
  'currency',
)
const refunded = tally(
  'aeroflash_payments_refunded_cents_total',
  'Money that went back, in minor units.',
  'currency',
)
for (const currency of Object.keys(currencies)) {
  captured.of(currency)
  refunded.of(currency)
}

export const countPayment = (outcome: keyof typeof outcomes) => outcomes[outcome].add(1)

type Amount = { amount: number; currency: string }

export const countCaptured = ({ amount, currency }: Amount) => {
  outcomes.captured.add(1)
  captured.of(currency).add(amount)
}

export const countRefunded = ({ amount, currency }: Amount) => refunded.of(currency).add(amount)
