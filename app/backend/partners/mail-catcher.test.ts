import { createConnection } from 'node:net'
import { once } from 'node:events'
import { createTransport } from 'nodemailer'
import type { SendMailOptions } from 'nodemailer'
import { expect, onTestFinished, test } from 'vitest'
import { createMailCatcher } from './mail-catcher.ts'
import type { Mail } from './mail-catcher.ts'
import { serveForTest } from './test-support.ts'

const openCatcher = async () => {
  const catcher = createMailCatcher()
  onTestFinished(catcher.close)
  const { smtpPort } = await catcher.listen()
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, pool: true })
  onTestFinished(() => transport.close())

  const url = await serveForTest(catcher.app)
  const send = (mail: SendMailOptions = {}) =>
    transport.sendMail({
      from: 'AeroFlash <hello@aeroflash.test>',
      to: 'ada@passengers.test',
      subject: 'Your seat',
      text: 'Seat 12A is yours.',
      ...mail,
    })
  const list = async (query = '') => {
    const answer = (await (await fetch(`${url}/mails${query}`)).json()) as { mails: Mail[] }
    return answer.mails
  }
  return { ...catcher, url, smtpPort, send, list }
}

test('a mail sent by SMTP is there to be read by HTTP', async () => {
  const { url, send, list, messages } = await openCatcher()
  await send({ subject: 'Su silla, señor Muñoz ✈', text: 'Confirmación: ABC123' })
  const [mail] = await list()

  expect(mail).toEqual({
    id: expect.any(String),
    to: ['ada@passengers.test'],
    from: '"AeroFlash" <hello@aeroflash.test>',
    subject: 'Su silla, señor Muñoz ✈',
    text: expect.stringContaining('Confirmación: ABC123'),
    received_at: expect.stringMatching(/^\d{4}-.*Z$/),
  })
  expect(await (await fetch(`${url}/mails/${mail?.id}`)).json()).toEqual(mail)
  expect(messages()).toEqual([mail])
})

test('mails are listed newest first, and for one recipient when asked', async () => {
  const { send, list } = await openCatcher()
  await send({ subject: 'first' })
  await send({ subject: 'second', to: 'Bob@Passengers.test', bcc: 'ada@passengers.test' })
  await send({ subject: 'third', to: 'bob@passengers.test' })
  const subjects = async (query?: string) => (await list(query)).map(({ subject }) => subject)

  expect(await subjects()).toEqual(['third', 'second', 'first'])
  expect(await subjects('?to=bob@passengers.test')).toEqual(['third', 'second'])
  expect(await subjects('?to=ada@passengers.test')).toEqual(['second', 'first'])
  expect(await subjects('?to=nobody@passengers.test')).toEqual([])
})

test('a mail of HTML alone has a text too', async () => {
  const { send, list } = await openCatcher()
  await send({ text: undefined, html: '<p>Reset: <a href="https://x.test/r?t=1">here</a></p>' })

  expect((await list())[0]?.text).toContain('https://x.test/r?t=1')
})

test('the mails can be thrown away', async () => {
  const { url, send, list, messages } = await openCatcher()
  await send()

  expect((await fetch(`${url}/mails`, { method: 'DELETE' })).status).toBe(204)
  expect(await list()).toEqual([])
  expect(messages()).toEqual([])
  expect((await fetch(`${url}/mails/gone`)).status).toBe(404)
})

test('the page shows a mail as text, whatever is in it', async () => {
  const { url, send } = await openCatcher()
  await send({
    subject: '<script>alert(1)</script>',
    text: '</pre><img src=x onerror=alert(1)>\nhttps://aeroflash.test/reset?token=abc',
  })
  const response = await fetch(url)
  const page = await response.text()

  expect(response.headers.get('content-type')).toMatch('text/html')
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'")
  expect(page).toContain('https://aeroflash.test/reset?token=abc')
  expect(page).toContain('&lt;script&gt;')
  expect(page).not.toContain('<script')
  expect(page).not.toContain('<img')
})

test('the last five hundred mails are kept', async () => {
  const { send, messages } = await openCatcher()
  for (let number = 1; number <= 503; number += 1) await send({ subject: `mail ${number}` })
  const subjects = messages().map(({ subject }) => subject)

  expect(subjects).toHaveLength(500)
  expect([subjects[0], subjects.at(-1)]).toEqual(['mail 503', 'mail 4'])
})

test('a mail that is too large is refused and not kept', async () => {
  const { send, messages } = await openCatcher()

  await expect(send({ text: 'x'.repeat(1_100_000) })).rejects.toThrow(/552|size/i)
  expect(messages()).toEqual([])
})

test('a client that hangs up in mid-sentence does no harm', async () => {
  const { smtpPort, send, messages } = await openCatcher()
  const socket = createConnection(smtpPort, '127.0.0.1')
  await once(socket, 'data')
  socket.write('MAIL FR')
  socket.resetAndDestroy()
  await send()

  expect(messages()).toHaveLength(1)
})

test('a port in use is an error to the one who listens', async () => {
  const { smtpPort } = await openCatcher()

  await expect(createMailCatcher().listen(smtpPort)).rejects.toThrow('EADDRINUSE')
})
