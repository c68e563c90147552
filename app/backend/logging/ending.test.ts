import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { linesOf, startApiProcess } from '../test/api-process.ts'
import { startFakeLoki } from '../test/fake-loki.ts'

// Each test starts a process and a database of its own.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } })

const startLoki = async () => {
  const loki = await startFakeLoki()
  onTestFinished(() => loki.close())
  return loki
}

const ask = async (url: string, times: number) => {
  for (let i = 0; i < times; i++) await fetch(`${url}/api/airports?query=${i}`)
}

test('SIGTERM brings the last line to Loki, and each is on standard output too', async () => {
  const loki = await startLoki()
  const api = await startApiProcess({ LOKI_URL: loki.url, ENVIRONMENT: 'test', VERSION: 'v9' })
  await ask(api.url, 50)
  const { code, milliseconds } = await api.end()
  expect(code).toBe(0)
  expect(milliseconds).toBeLessThan(12_000)

  const printed = linesOf(api)
  const key = (time: number | string, msg: string | undefined) => `${time} ${msg}`
  const shipped = loki.entries().map(({ time, line }) => key(time.slice(0, 13), line.msg))
  expect(shipped.toSorted()).toEqual(printed.map(({ time, msg }) => key(time, msg)).toSorted())
  expect(printed.filter(({ msg }) => msg === 'request')).toHaveLength(50)
  expect(printed.at(-1)).toMatchObject({ msg: 'ended', level: 'info', service: 'aeroflash-api' })
  const request = loki.entries().find(({ line }) => line.msg === 'request')!
  expect(request.labels).toEqual({ service_name: 'aeroflash-api', env: 'test', level: 'info' })
  expect(request.metadata).toMatchObject({
    version: 'v9',
    request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
  expect(api.said.err).toBe('')
})

test.each([
  ['never answers', 'hang' as const],
  ['fails each time', 503],
])('a Loki that %s delays no request, and the end only for a little', async (_, manner) => {
  const loki = await startLoki()
  loki.behave(manner)
  const api = await startApiProcess({ LOKI_URL: loki.url })
  await wait(1_500)
  const began = performance.now()
  await ask(api.url, 100)
  expect((performance.now() - began) / 100).toBeLessThan(500)
  const { code, milliseconds } = await api.end()
  expect(code).toBe(0)
  expect(milliseconds).toBeLessThan(12_000)
  expect(linesOf(api).filter(({ msg }) => msg === 'request')).toHaveLength(100)
  expect(linesOf(api).map(({ msg }) => msg)).toContain('ended')
})

test('who reads standard output may leave: the API serves on, ships on and ends well', async () => {
  const loki = await startLoki()
  const api = await startApiProcess({ LOKI_URL: loki.url })
  await ask(api.url, 5)
  api.child.stdout!.destroy()
  await ask(api.url, 20)
  expect((await fetch(`${api.url}/api/healthz`)).status).toBe(200)
  const { code, milliseconds } = await api.end()
  expect(code).toBe(0)
  expect(milliseconds).toBeLessThan(12_000)
  expect(loki.entries().filter(({ line }) => line.msg === 'request')).toHaveLength(25)
  expect(loki.entries().at(-1)!.line.msg).toBe('ended')
})
