import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { Problem } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { ChargeOutcome } from '../gateway.ts'
import { settlePayment } from './settle-payment.ts'
import type { Needs } from './start-payment.ts'

export const NoticeSchema = z
  .object({
    id: z.string().max(100),
    type: z.string().max(60),
    data: z.looseObject({
      charge: z.looseObject({ id: z.uuid(), decline_code: z.string().nullish() }),
    }),
  })
  .openapi('GatewayNotice')

export type Notice = z.infer<typeof NoticeSchema>

/** A notice older than this is a replay by someone else: the gateway signs each try anew. */
const TOLERANCE_SECONDS = 300

/** Checks that the gateway wrote this body, lately. */
export const verifySignature = (
  secret: string,
  { header, body, now }: { header: string | undefined; body: string; now: Date },
) => {
  const [, seconds, given] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '') ?? []
  if (!seconds || !given) throw refused()
  const expected = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  const age = Math.abs(now.getTime() / 1000 - Number(seconds))
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(expected)) || age > TOLERANCE_SECONDS)
    throw refused()
}

const refused = () => new Problem('unauthenticated', 'The signature of this notice is not valid.')

/** Takes what the gateway tells, each notice once, whatever the order in which they come. */
export const receiveNotice = async (needs: Needs, { id, type, data }: Notice) => {
  const { charge } = data
  const outcome = outcomeOf(type, charge.decline_code)
  await needs.db.transaction(async (tx) => {
    const known = await tx.maybeRow(sql('payments.known')`
      select id from payments.payments where id = ${charge.id}`)
    if (!known) return
    const fresh = await tx.maybeRow(sql('payments.note_event')`
      insert into payments.gateway_events (id, type, payment_id)
      values (${id}, ${type}, ${charge.id})
          on conflict (id) do nothing
   returning id`)
    if (fresh && outcome) await settlePayment({ ...needs, db: tx }, charge.id, outcome)
  })
}

const outcomeOf = (
  type: string,
  decline_code: string | null | undefined,
): ChargeOutcome | undefined => {
  if (type === 'charge.captured') return { status: 'captured' }
  if (type === 'charge.declined')
    return { status: 'declined', decline_code: decline_code ?? 'declined' }
  return undefined
}
