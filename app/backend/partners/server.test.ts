import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const program = fileURLToPath(new URL('./server.ts', import.meta.url))
const secrets = {
  PAYMENT_GATEWAY_KEY: 'a key of the gateway',
  PAYMENT_WEBHOOK_SECRET: 'a secret of webhooks',
}

type Ready = { ready: boolean; port: number; smtp_port: number }

const spawnPartners = (env: Record<string, string>) => {
  const child = spawn(process.execPath, [program], {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, ended: once(child, 'exit'), output: text(child.stdout!) }
}

const startPartners = async (env: Record<string, string> = {}) => {
  const partners = spawnPartners({ ...secrets, ...env })
  const [ready] = (await once(partners.child, 'message')) as [Ready]
  return { ...partners, ready, url: `http://127.0.0.1:${ready.port}` }
}

test('it answers for every partner and says where it listens', async () => {
  const { child, ended, output, ready, url } = await startPartners()
  const payments = `${url}/payments/charges/${randomUUID()}`
  const headers = { authorization: `Bearer ${secrets.PAYMENT_GATEWAY_KEY}` }
  const smtp = createConnection(ready.smtp_port, '127.0.0.1')

  expect(ready).toEqual({ ready: true, port: expect.any(Number), smtp_port: expect.any(Number) })
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' })
  expect((await fetch(payments)).status).toBe(401)
  expect((await fetch(payments, { headers })).status).toBe(404)
  expect((await fetch(`${url}/payments/nowhere`)).status).toBe(401)
  expect(await (await fetch(`${url}/mail/mails`)).json()).toEqual({ mails: [] })
  expect(await (await fetch(`${url}/mail/`)).text()).toContain('Caught mail')
  expect(String((await once(smtp, 'data'))[0])).toMatch(/^220 /)

  child.kill('SIGTERM')
  await ended
  const { port, smtp_port } = ready
  expect((await output).split('\n').filter(Boolean).map(parseLine)).toContainEqual(
    expect.objectContaining({ msg: 'partners listening', port, smtp_port }),
  )
})

test.each([
  ['SIGTERM', (child: ChildProcess) => child.kill('SIGTERM')],
  ['SIGINT', (child: ChildProcess) => child.kill('SIGINT')],
  ['its parent leaving', (child: ChildProcess) => child.disconnect()],
])('%s ends it within a second, whoever is kept waiting', async (_, end) => {
  const { child, ended, ready, url } = await startPartners({ PAYMENT_HANG_MS: '60000' })
  const path = `${url}/payments/charges/${randomUUID()}`
  const headers = { authorization: `Bearer ${secrets.PAYMENT_GATEWAY_KEY}` }
  const body = JSON.stringify({ amount: 1, currency: 'COP', token: 'tok_timeout' })
  const kept = fetch(path, { method: 'PUT', headers, body }).catch(() => 'cut off')
  while ((await fetch(path, { headers })).status === 404);
  const smtp = createConnection(ready.smtp_port, '127.0.0.1').on('error', () => {})
  await once(smtp, 'data')

  const asked = Date.now()
  end(child)
  expect(await ended).toEqual([0, null])
  expect(Date.now() - asked).toBeLessThan(1_000)
  await kept
})

test('it names everything that is missing or wrong at once, and does not start', async () => {
  const { ended, output } = spawnPartners({
    PAYMENT_WEBHOOK_SECRET: 'short',
    PAYMENT_WEBHOOK_URL: 'ftp://somewhere',
    PARTNERS_PORT: '70000',
    PARTNERS_SMTP_PORT: '',
  })

  expect(await ended).toEqual([1, null])
  const { reason } = parseLine(await output) as { reason: string }
  for (const name of [...Object.keys(secrets), 'PAYMENT_WEBHOOK_URL', 'PARTNERS_PORT'])
    expect(reason).toContain(name)
  expect(reason).not.toContain('PARTNERS_SMTP_PORT')
})

test('it says so when its port is taken', async () => {
  const { ready } = await startPartners()
  const { ended, output } = spawnPartners({ ...secrets, PARTNERS_PORT: String(ready.port) })

  expect(await ended).toEqual([1, null])
  expect(await output).toContain('EADDRINUSE')
})

const parseLine = (line: string) => JSON.parse(line) as Record<string, unknown>
