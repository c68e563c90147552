import { timingSafeEqual } from 'node:crypto'
import { createSigner } from './signer.ts'

/** As better-auth names its cookie: browsers take __Secure- only over https. */
export const sessionCookieName = (publicUrl: string) =>
  `${isHttps(publicUrl) ? '__Secure-' : ''}${COOKIE_PREFIX}.session_token`

export const COOKIE_PREFIX = 'aeroflash'

export const isHttps = (publicUrl: string) => publicUrl.startsWith('https://')

const sign = createSigner((secret) => Buffer.from(secret))

const signatureOf = (secret: string, token: string) => sign(secret, token).toString('base64')

/** As better-call signs cookies: the token, a dot, its HMAC-SHA256 in base64. */
export const signSessionToken = (secret: string, token: string) =>
  `${token}.${signatureOf(secret, token)}`

/** The token if the signature is ours. Whether its session lives, only the database knows. */
export const readSessionToken = (secret: string, signed: string): string | undefined => {
  const dot = signed.lastIndexOf('.')
  if (dot < 1) return undefined
  const token = signed.slice(0, dot)
  const given = Buffer.from(signed.slice(dot + 1))
  const expected = Buffer.from(signatureOf(secret, token))
  // Constant time: a check that stops at the first wrong byte tells how far a forger got.
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined
}
