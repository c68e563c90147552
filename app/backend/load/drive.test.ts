import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { startTestApi } from '../test/test-api.ts'
import { arrivals, createChance } from './drive/arrivals.ts'
import { drive, withShop } from './drive/drive.ts'
import { failings } from './drive-gate.ts'
import { profiles } from './profiles/profiles.ts'

const api = await startTestApi()
afterAll(() => api.close())
const urls = () => [api.url]
const shop = await withShop(urls)
const quickly = { urls, shop, rate: 6, seconds: 2, seed: 3, thinkSeconds: 0.01 }

const timesOf = (seed: number, burst?: Parameters<typeof arrivals>[0]['burst']) =>
  arrivals({ rate: 50, seconds: 100, burst }, createChance(seed))

test('passengers come by chance, as many as were ordered, and the same for the same seed', () => {
  const times = timesOf(1)
  expect(times.length).toBeGreaterThan(4_700)
  expect(times.length).toBeLessThan(5_300)
  expect(timesOf(1)).toEqual(times)
  expect(timesOf(2)).not.toEqual(times)
  const gaps = times.map((time, i) => time - (times[i - 1] ?? 0))
  // Of a Poisson process as many gaps are above the mean as 1/e.
  const above = gaps.filter((gap) => gap > 1 / 50).length / gaps.length
  expect(above).toBeGreaterThan(0.33)
  expect(above).toBeLessThan(0.41)
})

test('in a burst more of them come', () => {
  const times = timesOf(1, { factor: 5, seconds: 5, everySeconds: 20 })
  const inBurst = times.filter((time) => time % 20 >= 15).length
  expect(inBurst / 5 / ((times.length - inBurst) / 15)).toBeGreaterThan(4)
})

test.each(Object.keys(profiles) as (keyof typeof profiles)[])(
  '%s: every answer is one that may be given',
  async (name) => {
    const driven = await drive({ ...quickly, journey: profiles[name].journey })
    expect(driven.sentences).toEqual([])
    expect(driven).toMatchObject({ unexpected: 0, turnedAway: 0 })
    expect(driven.passengers).toBeGreaterThan(3)
    expect(driven.requests).toBeGreaterThan(driven.passengers)
  },
)

test('an answer that should not be is told, and a gate lets nothing of the kind pass', async () => {
  const driven = await drive({
    ...quickly,
    journey: async ({ client }) => {
      await client.ask({ route: 'GET /api/nothing', expect: [200] })
    },
  })
  expect(driven.unexpected).toBe(driven.passengers)
  expect(driven.sentences[0]).toMatch(/^GET \/api\/nothing: 404 .*not-found/)
  expect(failings(driven, new Map())).toEqual(
    expect.arrayContaining([expect.stringMatching(/^GET \/api\/nothing/)]),
  )
})

const run = (...words: string[]) =>
  new Promise<{ code: number; said: string }>((resolve) => {
    const file = fileURLToPath(new URL('drive.ts', import.meta.url))
    execFile(process.execPath, [file, ...words], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
    )
  })

test('it loads this machine and no other, unless it is told that it may', async () => {
  expect(await run('mix', '--url', 'http://192.0.2.1')).toEqual({
    code: 2,
    said: expect.stringContaining('--allow-remote') as string,
  })
})

test('from the command line it prints its figures', async () => {
  const words = ['browse', '--url', api.url, '--seconds', '1', '--rate', '5', '--json']
  const { code, said } = await run(...words)
  expect(code, said).toBe(0)
  expect(JSON.parse(said)).toMatchObject({ unexpected: 0, routes: expect.any(Array) as unknown })
})
