import { hkdfSync, timingSafeEqual } from 'node:crypto'
import { createSigner } from './signer.ts'

const PREFIX = 'bk_'
const ID_BYTES = 16
const EXPIRY_BYTES = 6
const CONTENT_BYTES = ID_BYTES + EXPIRY_BYTES

// 22 bytes of content and 32 of signature are 72 characters without a spare bit: one token, one text.
const shape = /^bk_[\w-]{72}$/

// A key of its own: what signs sessions must never be made to sign this, nor the reverse.
const signatureOf = createSigner(
  (secret) => new Uint8Array(hkdfSync('sha256', secret, '', 'aeroflash booking token 1', 32)),
)

/** Opens one booking, without an account, until it expires. The same input gives the same token. */
export const issueBookingToken = (
  secret: string,
  { booking_id, expires_at }: { booking_id: string; expires_at: Date },
): string => {
  const content = Buffer.alloc(CONTENT_BYTES)
  content.write(booking_id.replaceAll('-', ''), 'hex')
  content.writeUIntBE(expires_at.getTime(), ID_BYTES, EXPIRY_BYTES)
  return PREFIX + Buffer.concat([content, signatureOf(secret, content)]).toString('base64url')
}

export const isBookingToken = (token: string) => token.startsWith(PREFIX)

export const readBookingToken = (
  secret: string,
  token: string,
  now: Date,
): { booking_id: string } | undefined => {
  if (!shape.test(token)) return undefined
  const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url')
  const content = bytes.subarray(0, CONTENT_BYTES)
  if (!timingSafeEqual(bytes.subarray(CONTENT_BYTES), signatureOf(secret, content)))
    return undefined
  if (content.readUIntBE(ID_BYTES, EXPIRY_BYTES) <= now.getTime()) return undefined
  return { booking_id: uuidOf(content.toString('hex', 0, ID_BYTES)) }
}

const uuidOf = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
