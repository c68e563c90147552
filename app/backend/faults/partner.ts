import type { Fault, Subjects } from './fault.ts'

/** The partner is well again after so long, unless it is told anew: its fault ends with us. */
const LEASE_SECONDS = 10
const RENEW_MS = 4_000

/** The cause is in the partner: it is told how to behave, and we only suffer it. */
export const partner =
  (answers: 'slowly' | 'badly') =>
  ({ config, logger }: Subjects): Fault => ({
    to: 'shared',
    begin: async () => {
      const tell = (how: string) => behave(config, how)
      await tell(answers)
      const renewing = setInterval(() => {
        tell(answers).catch((error: unknown) => logger.warn({ err: error }, 'fault: not renewed'))
      }, RENEW_MS).unref()
      return async () => {
        clearInterval(renewing)
        await tell('well')
      }
    },
  })

type Where = { PAYMENT_GATEWAY_URL: string; PAYMENT_GATEWAY_KEY: string }

const behave = async ({ PAYMENT_GATEWAY_URL, PAYMENT_GATEWAY_KEY }: Where, answers: string) => {
  const response = await fetch(`${PAYMENT_GATEWAY_URL}/behaviour`, {
    method: 'PUT',
    headers: {
      Authorization: `Bearer ${PAYMENT_GATEWAY_KEY}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ answers, for_seconds: LEASE_SECONDS }),
    signal: AbortSignal.timeout(2_000),
  })
  if (!response.ok) throw new Error(`the partner answered ${response.status} (FAULTS_ENABLED?)`)
}
