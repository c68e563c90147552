import { expect, test } from 'vitest'
import { redactText, redacted } from './redact.ts'

test('what is personal or secret goes by its name, however deep, and what explains stays', () => {
  const line = {
    status: 500,
    booking_reference: 'K7QX4M',
    flight_number: 'AF 101',
    email: 'ana@example.com',
    deep: [{ passenger: { given_name: 'Ana', document: { number: 'X1' } }, seat: '12A' }],
    headers: { authorization: 'Bearer abc', cookie: 'a=b', accept: 'text/html' },
    new_password: 'x',
    access_token: 'x',
    card: { token: 'tok_approved' },
  }
  expect(redacted(line)).toEqual({
    status: 500,
    booking_reference: 'K7QX4M',
    flight_number: 'AF 101',
    email: '[redacted]',
    deep: [{ passenger: '[redacted]', seat: '12A' }],
    headers: { authorization: '[redacted]', cookie: '[redacted]', accept: 'text/html' },
    new_password: '[redacted]',
    access_token: '[redacted]',
    card: '[redacted]',
  })
})

test.each([
  ['550 <ana.díaz@correo.example> is not known', '550 <[e-mail]> is not known'],
  ['connect postgres://app:s3cret@db:5432/x', 'connect postgres://[redacted]@db:5432/x'],
  ['GET /reset-password?token=abc_1&x=2', 'GET /reset-password?token=[redacted]&x=2'],
  ['charge with tok_approved', 'charge with [token]'],
  ['call +57 300 123 4567 now', 'call [phone] now'],
  ['authorization was Bearer abc.def', 'authorization was Bearer [redacted]'],
  ['connection to flights.search lost at 12:00', 'connection to flights.search lost at 12:00'],
  [
    'at file:///node_modules/@hono/node-server/a.js:1',
    'at file:///node_modules/@hono/node-server/a.js:1',
  ],
])('%s', (said, told) => {
  expect(redactText(said)).toBe(told)
})

test('of an error stays what it is and where, not the values in its detail or message', () => {
  const error = Object.assign(new Error('invalid input syntax for type date: "Ana Díaz"'), {
    severity: 'ERROR',
    code: '22P02',
    detail: 'Failing row contains (Ana)',
    where: 'unnamed portal parameter $1 = Ana',
    table: 'passengers',
    cause: new SyntaxError('Unexpected token A, "Ana Díaz" is not valid JSON'),
  })
  const { err } = redacted({ err: error }) as { err: Record<string, unknown> }
  expect(err).toMatchObject({ type: 'Error', code: '22P02', table: 'passengers' })
  expect(err['stack']).toMatch(/^Error: invalid input syntax for type date: \[redacted\]\n\s+at /)
  expect(JSON.stringify(err)).not.toMatch(/Ana/)
})

test('what goes in circles ends', () => {
  const circle: Record<string, unknown> = { a: 1 }
  circle['again'] = circle
  expect(JSON.stringify(redacted({ circle }))).toContain('[deep]')
})
