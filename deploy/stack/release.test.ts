import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { engineIsHere, titleWhereEngineIs } from './engine.ts'
import type { MixedLoad } from './mixed-load.ts'
import { startRig } from './release-rig.ts'
import type { Rig } from './release-rig.ts'
import type { Line } from './releasing.ts'
import { failuresOf, percentileOf, switchIn, within } from './releasing.ts'
import { watchStatus } from './watcher.ts'

/** Twice, and what a machine of two cores that does all of this at once adds. */
const slowerMs = (before: number) => 2 * before + 100

const quick = ['--compare', '12', '--warm', '0']

describe.skipIf(!engineIsHere)(
  titleWhereEngineIs('a release that nobody notices'),
  { timeout: 240_000 },
  () => {
    let rig: Rig
    let load: MixedLoad | undefined
    beforeAll(async () => {
      rig = await startRig('release')
    })
    afterEach(async () => {
      await load?.stop().catch(() => undefined)
      load = undefined
    })
    afterAll(() => rig?.remove())

    test('two in a row under two hundred requests a second: none fails, bookings and streams go on', async () => {
      const older = await rig.build('1.1', { bad: 'knows-no-signal' })
      const versions = [older, await rig.build('1.2')]
      load = await rig.startLoad()
      const page = watchStatus(rig.stack.siteUrl, load.flights[0]!)
      for (const version of versions) {
        const begun = performance.now()
        const run = await rig.deploy(version, ...quick).ended
        load.check()
        expect(run.code, run.output).toBe(0)
        expect(await rig.serving()).toBe(version)
        expect(run.output).toMatch(
          /as good as the old version: error ratio 0\.0 % \(0 of \d+ requests\)/,
        )
        const { from, to } = switchIn(run)
        const before = percentileOf(within(load.samples, begun - 8_000, begun), 0.99)
        const during = percentileOf(within(load.samples, from, to), 0.99)
        process.stdout.write(
          `p99 ${before.toFixed(0)} ms before, ${during.toFixed(0)} ms during the switch\n`,
        )
        expect(during).toBeLessThan(slowerMs(before))
      }
      await load.stop()
      expect(failuresOf(load.samples)).toEqual([])
      expect(load.bookings).toMatchObject({ paid: load.bookings.begun, lost: 0 })
      await page.leave()
      expect(page.seen).toMatchObject({ opened: 3, endedWell: 2, cut: [], refused: [] })
      await rig.audit()
    })

    test('a plain docker compose up changes nothing of what was released', async () => {
      const served = await rig.serving()
      const colours = ['api-blue', 'api-green', 'worker']
      await rig.stack.compose('up', '--detach', '--no-build', '--no-deps', ...colours)
      expect(await rig.serving()).toBe(served)
      const asked = ['exec', '-T', 'worker', 'printenv', 'VERSION']
      expect(await rig.stack.compose(...asked)).toBe(served)
    })

    test('going back takes seconds and no request, and the old version is known for it', async () => {
      const now = await rig.serving()
      load = await rig.startLoad(40)
      const run = await rig.rollback().ended
      expect(run.code, run.output).toBe(0)
      await load.stop()
      expect(failuresOf(load.samples)).toEqual([])
      expect(await rig.serving()).not.toBe(now)
      expect(await rig.serving()).toContain('1.1-')
    })

    test('Ctrl-C in the middle takes it back in order', async () => {
      const served = await rig.serving()
      const version = await rig.build('interrupted')
      load = await rig.startLoad(40)
      const { child, lines, ended } = rig.deploy(version, ...quick)
      await expect.poll(() => said(lines, 'of clients go to'), waiting).toBe(true)
      child.kill('SIGINT')
      const run = await ended
      expect([run.code, run.output]).toEqual([42, expect.stringContaining('interrupted by SIGINT')])
      await load.stop()
      expect(failuresOf(load.samples)).toEqual([])
      expect(await rig.serving()).toBe(served)
    })

    test('taken back as well when Nginx was made anew meanwhile', async () => {
      const served = await rig.serving()
      const { child, lines, ended } = rig.deploy(await rig.build('over-another-nginx'), ...quick)
      await expect.poll(() => said(lines, 'of clients go to'), waiting).toBe(true)
      const anew = ['--detach', '--no-deps', '--no-build', '--force-recreate', 'nginx']
      const begun = rig.stack.compose('up', ...anew)
      child.kill('SIGINT')
      await begun
      const run = await ended
      expect([run.code, run.output]).toEqual([42, expect.stringContaining('all traffic back to')])
      expect(await rig.serving()).toBe(served)
    })

    test('what cannot be taken back is not said to be', async () => {
      const { child, lines, ended } = rig.deploy(await rig.build('without-nginx'), ...quick)
      await expect.poll(() => said(lines, 'of clients go to'), waiting).toBe(true)
      await rig.stack.compose('stop', 'nginx')
      child.kill('SIGINT')
      const run = await ended
      expect([run.code, run.output]).toEqual([
        43,
        expect.stringMatching(/interrupted by SIGINT; and taking it back failed: .+/),
      ])
      expect(run.output).not.toContain('as before')
      expect(await rig.lastRelease()).toMatchObject({ result: 'not taken back' })
      // What has a slice of the traffic must be there when Nginx is.
      await rig.stack.compose('start', 'nginx')
      await expect.poll(() => rig.serving().catch(String), waiting).toMatch(/1\.1-|without-nginx/)
    })

    test('killed in the middle, the next release takes over and puts right what was left', async () => {
      const version = await rig.build('killed')
      const { child, lines, ended } = rig.deploy(version, ...quick)
      await expect.poll(() => said(lines, 'of clients go to'), waiting).toBe(true)
      const second = await rig.deploy(version).ended
      expect([second.code, second.output]).toEqual([1, expect.stringContaining('One at a time')])
      child.kill('SIGKILL')
      await ended
      await rig.stack.compose('up', '--detach', '--no-build', '--no-deps', 'api-blue', 'api-green')
      for (let times = 0; times < 30; times++) await rig.serving()
      const next = await rig.deploy(await rig.build('1.3'), ...quick).ended
      expect(next.code, next.output).toBe(0)
      expect(next.output).toContain('a release that died')
      expect(next.output).toContain('left a slice open')
      expect(await rig.lastRelease()).toMatchObject({ result: 'live' })
    })

    test('this tree is built and released, and Ctrl-C leaves both versions on', async () => {
      const { version, child, lines, ended } = rig.deployTree('tree', '--compare', '12')
      await expect
        .poll(() => said(lines, 'is live'), {
          ...waiting,
          timeout: 200_000,
        })
        .toBe(true)
      child.kill('SIGINT')
      const run = await ended
      expect(run.code, run.output).toBe(0)
      expect(await rig.serving()).toBe(version)
    })

    test('what was kept warm serves again at once, and is begun anew when it dies', async () => {
      const run = await rig.rollback().ended
      expect(run.code, run.output).toBe(0)
      const [, colour] = /is still warm in (blue|green)/.exec(run.output) ?? []
      expect(await rig.serving()).toContain('1.3-')
      const containers = (await rig.stack.compose('ps', '--quiet', `api-${colour}`)).split('\n')
      expect(containers).toHaveLength(2)
      for (const container of containers) await rig.stack.crash(container)
      await expect.poll(() => rig.serving().catch(String), waiting).toContain('1.3-')
    })

    test('who has gone back, and was killed before the end, keeps what serves', async () => {
      const served = await rig.serving()
      const live = rig.deploy(await rig.build('1.4'), '--compare', '12', '--warm', '25')
      await expect.poll(() => said(live.lines, 'is live'), waiting).toBe(true)
      const back = rig.rollback()
      await expect.poll(() => said(back.lines, 's  all traffic to'), waiting).toBe(true)
      back.child.kill('SIGKILL')
      await back.ended
      const run = await live.ended
      expect([run.code, run.output]).toEqual([0, expect.stringContaining('it has traffic')])
      expect(await rig.serving()).toBe(served)
    })
  },
)

const said = (lines: Line[], words: string) => lines.some(({ text }) => text.includes(words))

const waiting = { timeout: 90_000, interval: 100 }
