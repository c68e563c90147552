import { createHmac, createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/**
 * HMAC-SHA256 under a key made once from each secret: with the bare secret Node makes a key object for
 * every signature, which doubled the cost of a request.
 */
export const createSigner = (keyFrom: (secret: string) => Uint8Array) => {
  const keys = new Map<string, KeyObject>()

  const keyOf = (secret: string) => {
    const known = keys.get(secret)
    if (known) return known
    const key = createSecretKey(keyFrom(secret))
    keys.set(secret, key)
    return key
  }

  return (secret: string, content: string | Uint8Array): Buffer =>
    createHmac('sha256', keyOf(secret)).update(content).digest()
}
