import { setTimeout as wait } from 'node:timers/promises'
import type { Sample } from './asking.ts'
import { startRig } from './release-rig.ts'
import type { Rig } from './release-rig.ts'
import { failuresOf, percentileOf, switchIn, within } from './releasing.ts'

/**
 * `npm run bench:release [-- <releases> <requests a second>] [--json]`: releases in a row under load, and what
 * passengers noticed of each, and of all together. Ends with 1 when any request failed or a release did not go through.
 */
const words = process.argv.slice(2)
const asJson = words.includes('--json')
const [releases = 10, perSecond = 200] = words.filter((word) => !word.startsWith('--')).map(Number)

/** Of ten seconds of this load alone, the p99 differs threefold from one to the next. */
const BEFORE_SECONDS = 30
const AFTER_SECONDS = 3

type Row = {
  release: string
  requests: number
  failed: number
  before_p99_ms: number
  switch_p99_ms: number
  whole_p99_ms: number
  seconds: number
}

/** Of all releases together: of one, the 99th percentile is some twenty requests, or one stall of the machine. */
const together = { before: [] as Sample[], switch: [] as Sample[] }

const measure = async (rig: Rig, load: Awaited<ReturnType<Rig['startLoad']>>, n: number) => {
  const release = `bench-${n}`
  const version = await rig.build(release)
  const from = performance.now()
  await wait(BEFORE_SECONDS * 1000)
  const run = await rig.deploy(version, '--compare', '15', '--warm', '0').ended
  await wait(AFTER_SECONDS * 1000)
  load.check()
  if (run.code !== 0) throw new Error(run.output)
  const change = switchIn(run)
  const before = within(load.samples, from, run.startedAt)
  const switched = within(load.samples, change.from, change.to)
  const whole = within(load.samples, run.startedAt, run.doneAt)
  together.before.push(...before)
  together.switch.push(...switched)
  const row: Row = {
    release,
    requests: whole.length,
    failed: failuresOf(within(load.samples, from, performance.now())).length,
    before_p99_ms: p99(before),
    switch_p99_ms: p99(switched),
    whole_p99_ms: p99(whole),
    seconds: Math.round((run.doneAt - run.startedAt) / 1000),
  }
  if (!asJson) process.stdout.write(`${Object.values(row).join('\t')}\n`)
  return row
}

const p99 = (samples: Sample[]) => Math.round(percentileOf(samples, 0.99))

/** The limit of a release: in the switch, at most twice as long as before. */
const TIMES_MAX = 2

const summaryOf = (rows: Row[]) => {
  const good = rows.filter((row) => row.switch_p99_ms <= TIMES_MAX * row.before_p99_ms)
  return {
    within_twice: good.length,
    of: rows.length,
    together_before_p99_ms: p99(together.before),
    together_switch_p99_ms: p99(together.switch),
  }
}

const main = async () => {
  const rig = await startRig('bench')
  const end = () => rig.remove()
  process.once('SIGINT', () => void end().then(() => process.exit(130)))
  try {
    const load = await rig.startLoad(perSecond)
    const rows: Row[] = []
    if (!asJson)
      process.stdout.write(
        'release\trequests\tfailed\tp99 before\tin the switch\tin all of it\tseconds\n',
      )
    for (let n = 1; n <= releases; n++) rows.push(await measure(rig, load, n))
    await load.stop()
    const failures = failuresOf(load.samples)
    const { samples, bookings } = load
    const total = { requests: samples.length, failures, bookings, ...summaryOf(rows) }
    if (asJson) process.stdout.write(`${JSON.stringify({ rows, ...total }, null, 2)}\n`)
    else process.stdout.write(`${JSON.stringify(total)}\n${await rig.audit()}\n`)
    if (failures.length > 0) process.exitCode = 1
  } finally {
    await end()
  }
}

await main()
