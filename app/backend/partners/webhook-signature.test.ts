import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { signWebhook } from './webhook-signature.ts'

test('the signature covers the second it was made in and the raw body', () => {
  const v1 = createHmac('sha256', 'a secret').update('1893492000.{"a":1}').digest('hex')
  const now = new Date('2030-01-01T10:00:00.999Z')

  expect(signWebhook('a secret', '{"a":1}', now)).toBe(`t=1893492000,v1=${v1}`)
})

test('another secret, body or second gives another signature', () => {
  const now = new Date('2030-01-01T10:00:00Z')
  const signatures = [
    signWebhook('a secret', 'body', now),
    signWebhook('another', 'body', now),
    signWebhook('a secret', 'bodY', now),
    signWebhook('a secret', 'body', new Date('2030-01-01T10:00:01Z')),
  ].map((header) => header.split('v1=')[1])

  expect(new Set(signatures).size).toBe(4)
})
