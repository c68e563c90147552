import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { expect, test, vi } from 'vitest'
import { startApiProcess } from './api-process.ts'
import { dayIn } from './passenger.ts'
import { watchStatus } from './status-watcher.ts'

vi.setConfig({ testTimeout: 60_000, expect: { poll: { timeout: 10_000 } } })

test('whatever is asked on the port of the metrics, it serves on', async () => {
  const { url, metricsUrl, end } = await startApiProcess()
  const { port } = new URL(metricsUrl)
  expect(await statusOfRaw(Number(port), '//')).toBe(404)
  expect((await fetch(`${metricsUrl}?name[]=nothing_of_ours`)).status).toBe(200)
  expect((await fetch(`${url}/api/readyz`)).status).toBe(200)
  expect((await end()).code).toBe(0)
})

// As it is: fetch would make an address of it first.
const statusOfRaw = async (port: number, path: string) => {
  const asking = request({ host: '127.0.0.1', port, path }).end()
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}

test('told so by a release, it ends the streams that are open, and serves and streams on', async () => {
  const { url, metricsUrl, child, end } = await startApiProcess()
  const query = `origin=BOG&destination=ADZ&departure_date=${dayIn(6)}`
  const found = await fetch(`${url}/api/flights?${query}`)
  const { flights } = (await found.json()) as { flights: { id: string }[] }
  const open = async () => {
    const page = watchStatus(url, flights[0]!.id)
    await expect.poll(() => page.heard.length).toBe(1)
    return page
  }
  const counted = async () => {
    const text = await (await fetch(`${metricsUrl}?name[]=http_streams_open`)).text()
    return text.split('\n').filter((line) => !line.startsWith('#'))
  }
  const pages = [await open(), await open()]
  expect(await counted()).toEqual(['http_streams_open 2'])
  child.kill('SIGUSR2')
  await expect.poll(() => pages.map(({ isOpen }) => isOpen())).toEqual([false, false])
  await expect.poll(counted).toEqual(['http_streams_open 0'])

  expect((await fetch(`${url}/api/readyz`)).status).toBe(200)
  const later = await open()
  expect(later.isOpen()).toBe(true)
  expect((await end()).code).toBe(0)
  await expect.poll(() => later.isOpen()).toBe(false)
})
