import { createHmac } from 'node:crypto'

export const SIGNATURE_HEADER = 'AeroFlash-Gateway-Signature'

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.rawBody">`: the time is signed too, against replay. */
export const signWebhook = (secret: string, rawBody: string, now: Date): string => {
  const seconds = Math.floor(now.getTime() / 1000)
  const signature = createHmac('sha256', secret).update(`${seconds}.${rawBody}`).digest('hex')
  return `t=${seconds},v1=${signature}`
}
