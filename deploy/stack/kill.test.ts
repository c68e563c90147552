import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openShop } from './shop.ts'
import { startableServices } from './services.ts'
import { engineIsHere, titleWhereEngineIs } from './engine.ts'
import { patience, prepareStack } from './stack.ts'
import type { Stack } from './stack.ts'

const RECOVERY_SECONDS_MAX = 30

/** The longest that nobody may get an answer while that one is gone; zero, in effect, for what is only helpful. */
const silenceSecondsMax: Record<string, number> = {
  'api-blue': 3,
  nginx: 8,
  db: 15,
}
const SILENCE_OTHERWISE = 2.5

describe.skipIf(!engineIsHere)(
  titleWhereEngineIs('kill -9 of any one container under load'),
  () => {
    let stack: Stack
    let services: string[] = []
    let shop: Awaited<ReturnType<typeof openShop>>

    beforeAll(async () => {
      stack = await prepareStack('kill')
      await stack.compose('build', '--quiet')
      services = await startableServices(stack)
      await stack.up(...services)
      shop = await openShop(stack.siteUrl, 8)
    })
    afterAll(async () => {
      await shop?.close()
      await stack?.remove()
    })

    const isHealthy = async (name: string) => {
      const { State } = await stack.inspect(name)
      return State.Health?.Status === 'healthy'
    }

    test('each comes back by itself, and meanwhile nobody waits for long', async () => {
      const rows: string[] = []
      const busy = patience()
      for (const service of services.filter((service) => service !== 'api-green')) {
        const name = `${stack.project}-${service}-1`
        const before = await stack.inspect(name)
        const soldBefore = shop.sold.length
        const killedAt = Date.now()
        await stack.crash(name)
        await expect
          .poll(async () => (await stack.inspect(name)).RestartCount, { timeout: 60_000 })
          .toBeGreaterThan(before.RestartCount)
        await expect
          .poll(() => isHealthy(name), {
            timeout: RECOVERY_SECONDS_MAX * 1000 * busy,
            interval: 500,
          })
          .toBe(true)
        const seconds = (Date.now() - killedAt) / 1000
        await wait(2000)
        const silence = shop.silenceSince(killedAt)
        rows.push(
          `${service.padEnd(30)}back after ${seconds.toFixed(1)} s, silence ${silence.toFixed(1)} s, ${shop.sold.length - soldBefore} sold`,
        )
        expect(silence, service).toBeLessThan(
          (silenceSecondsMax[service] ?? SILENCE_OTHERWISE) * busy,
        )
        expect(shop.sold.length, service).toBeGreaterThan(soldBefore)
      }
      process.stdout.write(`${rows.join('\n')}\n`)
    }, 1_200_000)

    test('every customer had a definite answer, nothing is lost and nothing is doubled', async () => {
      await shop.close()
      process.stdout.write(`${shop.sold.length} sold; asked again ${shop.again()} times\n`)
      expect(shop.odd).toEqual([])
      expect(await stack.audit()).not.toContain('BROKEN')
      const seats = await stack.sql(
        "select count(*) from seats.units where kind = 'seat' and status = 'sold'",
      )
      expect(Number(seats)).toBe(shop.sold.length)
    })
  },
)
