import { Hono } from 'hono'
import { createBehaviour } from './behaviour.ts'
import { chargeOrder, createCharges } from './charges.ts'
import type { Charge, Charges } from './charges.ts'
import { problem } from './problems.ts'
import { createRefunds, refundOrder } from './refunds.ts'
import type { Refund } from './refunds.ts'
import { readBody, readId, requireKey } from './requests.ts'
import { createWaits } from './waits.ts'
import { createWebhookSender } from './webhook-sender.ts'

export type { Charge, Refund }

export type PaymentGatewayOptions = {
  apiKey: string
  webhookSecret: string
  webhookUrl?: string | undefined
  /** How long a processing charge takes to settle. */
  settleAfterMs?: number | undefined
  /** How long a withheld answer keeps its caller waiting. */
  hangMs?: number | undefined
  /** It can be told to answer slowly or badly. */
  faults?: boolean | undefined
  log?: ((line: object) => void) | undefined
}

/** A card payment gateway as a merchant sees it; README.md tells its tokens and its contract. */
export const createPaymentGateway = ({
  apiKey,
  webhookSecret,
  webhookUrl,
  settleAfterMs = 2_000,
  hangMs = 30_000,
  faults = false,
  log = () => {},
}: PaymentGatewayOptions) => {
  let url = webhookUrl
  const waits = createWaits()
  const announce = createWebhookSender({ secret: webhookSecret, currentUrl: () => url, waits, log })
  const charges = createCharges({ settleAfterMs, waits, announce, log })
  const refunds = createRefunds({ findCharge: charges.find, log })

  const behaviour = createBehaviour(waits)
  const app = new Hono().use(requireKey(apiKey))
  if (faults) app.route('/behaviour', behaviour.routes)
  app
    .use(behaviour.applies)
    .route(
      '/charges',
      chargeRoutes(charges, () => waits.pause(hangMs)),
    )
    .route('/refunds', refundRoutes(refunds))
    .all('*', () => {
      throw problem(404, 'no-such-route', 'The gateway has nothing there.')
    })

  return {
    app,
    charges: (): readonly Charge[] => charges.list(),
    refunds: (): readonly Refund[] => refunds.list(),
    setWebhookUrl: (next: string) => {
      url = next
    },
    /** Stops what would still settle, be sent or be withheld. */
    close: waits.stop,
  }
}

const chargeRoutes = (charges: Charges, hang: () => Promise<unknown>) =>
  new Hono()
    .put('/:id', async (c) => {
      const { charge, created, withheld } = charges.place(readId(c), await readBody(c, chargeOrder))
      if (withheld) await hang()
      if (!charge) throw problem(504, 'request-lost', 'The request was lost on its way.')
      return c.json(charge, charge.status === 'processing' ? 202 : created ? 201 : 200)
    })
    .get('/:id', (c) => c.json(charges.find(readId(c))))
    .post('/:id/cancellation', (c) => c.json(charges.cancel(readId(c))))

const refundRoutes = (refunds: ReturnType<typeof createRefunds>) =>
  new Hono()
    .put('/:id', async (c) => {
      const { refund, created } = refunds.place(readId(c), await readBody(c, refundOrder))
      return c.json(refund, created ? 201 : 200)
    })
    .get('/:id', (c) => c.json(refunds.find(readId(c))))
