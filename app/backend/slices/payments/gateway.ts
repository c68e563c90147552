import { z } from 'zod'
import { callPeer } from '../../kernel/peers.ts'

export type GatewaySettings = {
  PAYMENT_GATEWAY_URL: string
  PAYMENT_GATEWAY_KEY: string
  PAYMENT_TIMEOUT_MS: number
}

const Charge = z.object({
  id: z.uuid(),
  status: z.enum(['captured', 'declined', 'processing', 'cancelled']),
  decline_code: z.string().nullish(),
})

/** What the gateway says of a charge. `unknown`: it did not say; the money may or may not move. */
export type ChargeOutcome =
  | { status: 'captured' | 'processing' | 'cancelled' }
  | { status: 'declined'; decline_code: string }
  | { status: 'unknown' }

export type RefundOutcome = { status: 'succeeded' | 'unknown' } | { status: 'refused'; why: string }

export type Gateway = {
  charge(order: {
    payment_id: string
    amount: number
    currency: string
    token: string
  }): Promise<ChargeOutcome>
  /** What became of a charge; one that never arrived is made impossible, and is then `cancelled`. */
  resolve(paymentId: string): Promise<ChargeOutcome>
  refund(order: { refund_id: string; payment_id: string; amount: number }): Promise<RefundOutcome>
}

/** The payment channel over HTTP. Our ids are its idempotency keys: whatever is repeated happens once. */
export const createGateway = (settings: GatewaySettings): Gateway => {
  const call = async (operation: string, method: string, path: string, body?: object) => {
    const ask = async () => {
      const response = await fetch(`${settings.PAYMENT_GATEWAY_URL}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${settings.PAYMENT_GATEWAY_KEY}`,
          'Content-Type': 'application/json',
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(settings.PAYMENT_TIMEOUT_MS),
      })
      const answer: unknown = await response.json()
      const outcome = response.ok ? 'ok' : String(response.status)
      return { outcome, said: { status: response.status, answer } }
    }
    try {
      return await callPeer(`payments.${operation}`, ask)
    } catch {
      return undefined
    }
  }

  return {
    charge: async ({ payment_id, ...order }) =>
      outcomeOf(await call('charge', 'PUT', `/charges/${payment_id}`, order)),

    resolve: async (paymentId) => {
      const found = await call('resolve', 'GET', `/charges/${paymentId}`)
      if (found?.status !== 404) return outcomeOf(found)
      return outcomeOf(await call('cancel', 'POST', `/charges/${paymentId}/cancellation`))
    },

    refund: async ({ refund_id, payment_id, amount }) => {
      const done = await call('refund', 'PUT', `/refunds/${refund_id}`, {
        charge_id: payment_id,
        amount,
      })
      if (done && done.status < 300) return { status: 'succeeded' }
      if (done && done.status >= 400 && done.status < 500 && done.status !== 429)
        return { status: 'refused', why: `the gateway answered ${done.status}` }
      return { status: 'unknown' }
    },
  }
}

const outcomeOf = (said: { status: number; answer: unknown } | undefined): ChargeOutcome => {
  if (!said) return { status: 'unknown' }
  // The gateway refuses the request itself (an unknown token): nothing was charged, nothing will be.
  if (said.status === 422) return { status: 'declined', decline_code: 'invalid_payment_method' }
  if (said.status >= 300) return { status: 'unknown' }
  const charge = Charge.safeParse(said.answer)
  if (!charge.success) return { status: 'unknown' }
  const { status, decline_code } = charge.data
  return status === 'declined' ? { status, decline_code: decline_code ?? 'declined' } : { status }
}
