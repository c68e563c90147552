import { expect, test } from 'vitest'
import { createMailCatcher } from './mail-catcher.ts'
import { serveForTest } from './test-support.ts'

const tell = async (url: string, receiver: string, body: unknown) => {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${url}/${receiver}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

const firing = {
  status: 'firing',
  commonLabels: { alertname: 'ApiDown' },
  alerts: [{ status: 'firing', annotations: { summary: 'No API process answers.' } }],
}

test('what Alertmanager tells a receiver is a mail to them; that all is well is none', async () => {
  const mail = createMailCatcher()
  const url = await serveForTest(mail.alerts)
  expect((await tell(url, 'pager', firing)).status).toBe(204)
  expect((await tell(url, 'watchdog', firing)).status).toBe(204)
  expect(mail.messages()).toMatchObject([
    {
      to: ['pager@aeroflash.example'],
      subject: 'firing: ApiDown',
      text: 'firing: No API process answers.',
    },
  ])
})

test('what is no notice is kept by nobody', async () => {
  const mail = createMailCatcher()
  const url = await serveForTest(mail.alerts)
  expect((await tell(url, 'pager', { alerts: 'all of them' })).ok).toBe(false)
  expect(mail.messages()).toEqual([])
})
