import { randomUUID } from 'node:crypto'
import { assert, date, property, uuid } from 'fast-check'
import { expect, test } from 'vitest'
import { issueBookingToken, readBookingToken } from './booking-token.ts'

const secret = 'a long enough key for signing in tests only 0123456789'
const expires_at = new Date('2026-12-01T12:00:00Z')
const before = new Date('2026-12-01T11:59:59.999Z')
const booking_id = randomUUID()
const token = issueBookingToken(secret, { booking_id, expires_at })

test('a token says which booking it opens, and the same input gives the same token', () => {
  assert(
    property(uuid(), date({ min: new Date(0), max: expires_at }), (id, at) => {
      const issued = issueBookingToken(secret, { booking_id: id, expires_at: at })
      expect(issueBookingToken(secret, { booking_id: id, expires_at: at })).toBe(issued)
      expect(issued).toMatch(/^bk_[\w-]{72}$/)
      expect(readBookingToken(secret, issued, new Date(at.getTime() - 1))).toEqual({
        booking_id: id,
      })
    }),
  )
})

test('it is good until the moment it expires', () => {
  expect(readBookingToken(secret, token, before)).toEqual({ booking_id })
  expect(readBookingToken(secret, token, expires_at)).toBeUndefined()
})

test('no character of it can be changed, added or left out', () => {
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'A' ? 'B' : 'A'
    const changed = token.slice(0, at) + other + token.slice(at + 1)
    expect(readBookingToken(secret, changed, before), changed).toBeUndefined()
    expect(readBookingToken(secret, token.slice(0, at), before)).toBeUndefined()
  }
  for (const longer of [`${token}A`, `${token}=`, `${token}\n`, ` ${token}`])
    expect(readBookingToken(secret, longer, before)).toBeUndefined()
})

test('another key opens nothing', () => {
  expect(readBookingToken(`${secret}.`, token, before)).toBeUndefined()
})
