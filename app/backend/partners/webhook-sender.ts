import { randomUUID } from 'node:crypto'
import type { Charge } from './charges.ts'
import type { Waits } from './waits.ts'
import { SIGNATURE_HEADER, signWebhook } from './webhook-signature.ts'

const TRIES_MAX = 8
const RETRY_MS_MAX = 60_000

type WebhookEvent = { id: string; type: string; created_at: string; data: { charge: Charge } }

type Needs = {
  secret: string
  /** Asked before every try, so that an address set late still gets what it missed. */
  currentUrl: () => string | undefined
  waits: Waits
  log: (line: object) => void
  firstRetryMs?: number
  tryTimeoutMs?: number
}

/** Tells the merchant what became of a charge: at least once, in no promised order. */
export const createWebhookSender = ({ firstRetryMs = 1_000, ...needs }: Needs) => {
  const { waits, log } = needs

  const deliver = async (event: WebhookEvent) => {
    const rawBody = JSON.stringify(event)
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      const answer = await post(needs, rawBody)
      log({ msg: 'webhook', event_id: event.id, type: event.type, tries, ...answer })
      if (answer.delivered || tries === TRIES_MAX) return
      if (!(await waits.pause(Math.min(firstRetryMs * 2 ** (tries - 1), RETRY_MS_MAX)))) return
    }
  }

  return (charge: Charge): void => {
    const created_at = new Date().toISOString()
    const type = `charge.${charge.status}`
    void deliver({ id: `evt_${randomUUID()}`, type, created_at, data: { charge } })
  }
}

const post = async (
  { secret, currentUrl, waits, tryTimeoutMs = 5_000 }: Needs,
  rawBody: string,
) => {
  const url = currentUrl()
  if (url === undefined) return { delivered: false, reason: 'no webhook address is set' }
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [SIGNATURE_HEADER]: signWebhook(secret, rawBody, new Date()),
      },
      body: rawBody,
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(tryTimeoutMs), waits.stopped]),
    })
    await response.body?.cancel()
    return { delivered: response.ok, status: response.status }
  } catch (error) {
    return { delivered: false, reason: String(error) }
  }
}
