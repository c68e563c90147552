import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { engineIsHere, titleWhereEngineIs } from './engine.ts'
import type { MixedLoad } from './mixed-load.ts'
import { startRig } from './release-rig.ts'
import type { Rig } from './release-rig.ts'
import { failuresOf } from './releasing.ts'

const TAKEN_BACK = 42
const SECONDS_MAX = 60
const SLICE = 0.1
const REQUESTS_PER_SECOND = 100
/** `errs` fails every fourth answer; of as few as a slice brings, chance makes it less. */
const FAILED_PERCENT_MIN = 8

const failing = 'create table offers.broken (id uuid references offers.no_such_table);'
const refused = 'alter table seats.units drop column position;'

describe.skipIf(!engineIsHere)(
  titleWhereEngineIs('a bad release takes itself back'),
  { timeout: 180_000 },
  () => {
    let rig: Rig
    let load: MixedLoad | undefined
    let served: string
    beforeAll(async () => {
      rig = await startRig('bad')
      served = await rig.serving()
    })
    afterEach(async () => {
      await load?.stop().catch(() => undefined)
      load = undefined
    })
    afterAll(() => rig?.remove())

    const takenBack = async (version: string, ...words: string[]) => {
      load = await rig.startLoad(REQUESTS_PER_SECOND)
      const run = await rig.deploy(version, ...words).ended
      const seconds = (performance.now() - run.startedAt) / 1000
      await load.stop()
      process.stdout.write(
        `${version}: taken back within ${seconds.toFixed(0)} s\n  ${run.lines.at(-1)?.text}\n`,
      )
      expect(run.code, run.output).toBe(TAKEN_BACK)
      expect(seconds).toBeLessThan(SECONDS_MAX)
      expect(await rig.serving()).toBe(served)
      const left = await rig.stack.compose('ps', '--all', '--quiet', 'api-green')
      expect(left, 'nothing of it is left').toBe('')
      return { run, samples: load.samples }
    }

    test('one that errs: its share of errors is the reason, and few ever met one', async () => {
      const { run, samples } = await takenBack(await rig.build('errs', { bad: 'errs' }))
      expect(run.output).toMatch(
        /TAKEN BACK: error ratio \d+\.\d % \(\d+ of \d+ requests\), old version 0\.0 %/,
      )
      const [, percent] = /TAKEN BACK: error ratio (\d+)/.exec(run.output)!
      expect(Number(percent), 'of the requests of clients').toBeGreaterThan(FAILED_PERCENT_MIN)
      const failed = samples.filter(({ failure }) => failure !== undefined).length
      expect(failed / samples.length).toBeLessThan(SLICE)
      expect(failuresOf(samples).filter((failure) => !failure.includes('500'))).toEqual([])
    })

    test('one that is three times slower: how much is the reason, and nobody got an error', async () => {
      const { run, samples } = await takenBack(
        await rig.build('slow', { bad: 'is-slow' }),
        '--compare',
        '20',
      )
      expect(run.output).toMatch(
        /TAKEN BACK: p95 \d+ ms, old version \d+ ms: \d+\.\d times, limit 2 times/,
      )
      expect(failuresOf(samples)).toEqual([])
    })

    test('one that never becomes ready: nobody ever reached it, and it says why', async () => {
      const version = await rig.build('never-ready', { bad: 'is-never-ready' })
      const { run, samples } = await takenBack(version, '--ready', '25')
      expect(run.output).toMatch(
        /0 of 2 containers of green are ready after 25 s: readyz: 503 .*database/,
      )
      expect(failuresOf(samples)).toEqual([])
    })

    test('one whose migration fails: nothing of it was started', async () => {
      const { run, samples } = await takenBack(
        await rig.build('no-migration', { migration: failing }),
      )
      expect(run.output).toContain(
        'a migration failed: relation "offers.no_such_table" does not exist',
      )
      expect(run.output).not.toContain('start green')
      expect(failuresOf(samples)).toEqual([])
    })

    test('one whose migration the running version could not live with is refused before it is run', async () => {
      const { run } = await takenBack(await rig.build('takes-away', { migration: refused }))
      expect(run.output).toContain(
        '"alter table seats.units drop column position": the running version may',
      )
      expect(run.output).not.toContain('expand the schema')
    })

    test('without Prometheus the log of Nginx decides, and that is said', async () => {
      await rig.stack.compose('stop', 'prometheus')
      const { run } = await takenBack(await rig.build('errs-again', { bad: 'errs' }))
      expect(run.output).toContain('NOT by Prometheus')
      expect(run.output).toMatch(/TAKEN BACK: error ratio/)
    })

    test('after all of that the books are right', async () => {
      await rig.audit()
    })
  },
)
