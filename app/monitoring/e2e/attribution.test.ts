import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FaultName } from '../../backend/faults/catalogue.ts'
import { withStack } from '../../backend/load/stack.ts'
import type { Verdict } from '../attribution.ts'
import { requireTool, titled } from '../../backend/test/debian-package.ts'
import { openLab, spentSeconds } from './lab.ts'
import type { Lab, Load } from './lab.ts'

const NAMED_SECONDS_MAX = 60
const CALM_SECONDS_MAX = 60

const program = await requireTool('prometheus')

let lab: Lab
let leave: () => void
let left: Promise<unknown>

const enter = () =>
  new Promise<Lab>((resolve, reject) => {
    const isOver = new Promise<void>((over) => {
      leave = over
    })
    const inside = withStack(async (stack) => {
      resolve(await openLab(stack, program!))
      await isOver
    }, settings)
    inside.catch(reject)
    left = inside
  })

// As behind Nginx, which says when it took a request: the time before ours begins counts too.
const settings = { FAULTS_ENABLED: 'true', CLIENT_ADDRESS_HEADER: 'x-forwarded-for' }

type Named = Pick<Verdict, 'kind' | 'culprit'>
type Scenario = {
  fault: FaultName
  load: Load
  /** One of these, and a route that must have it. */
  kinds: Verdict['kind'][]
  culprit: RegExp
  route?: string
  /** What is too much, on a fast machine too, is so for the machine: what has piled up may never be worked off. */
  eases?: true
}

const usual: Load = { profile: 'mix', rate: 2 }
const PAYING = '/api/bookings/:id/payments'
const scenarios: Scenario[] = [
  {
    fault: 'missing-index',
    load: { profile: 'book', rate: 10 },
    kinds: ['statement'],
    culprit: /^seats\.(keep_held|sell|find_held)$/,
  },
  {
    fault: 'n-plus-one',
    load: { profile: 'browse', rate: 22 },
    kinds: ['repeated'],
    culprit: /^faults\.load_(seat|sale)$/,
    route: '/api/flights',
    eases: true,
  },
  {
    fault: 'small-pool',
    load: { profile: 'book', rate: 65 },
    kinds: ['pool', 'pool_timeout'],
    culprit: /^connection pool$/,
    eases: true,
  },
  {
    fault: 'row-lock',
    load: usual,
    kinds: ['lock'],
    culprit: /^faults\.lock_seats$/,
    route: PAYING,
  },
  {
    fault: 'event-loop-block',
    load: usual,
    kinds: ['blocker'],
    culprit: /^\/api\/auth\/sign-in\/email$/,
  },
  {
    fault: 'memory-growth',
    load: { profile: 'browse', rate: 10 },
    kinds: ['garbage', 'memory'],
    culprit: /./,
  },
  {
    fault: 'slow-partner',
    load: usual,
    kinds: ['partner'],
    culprit: /^payments\.charge$/,
    route: PAYING,
  },
  {
    fault: 'failing-partner',
    load: usual,
    kinds: ['failing_partner'],
    culprit: /^payments\.charge$/,
    route: PAYING,
  },
  { fault: 'slow-logger', load: { profile: 'mix', rate: 1 }, kinds: ['logging'], culprit: /./ },
]

/** What a machine shared with others adds to anything, and which is true there. */
const isOurs = ({ kind }: Verdict) => kind !== 'starved'

// While a release takes the place of another, there is a moment in which nothing can be said.
const look = async () => (await lab.diagnose().catch(() => undefined))?.filter(isOurs)

/** Looks once a second until it is so; how long that took, and what was said meanwhile. */
const until = async (isSo: (verdicts: Verdict[]) => boolean, secondsMax: number) => {
  const from = performance.now()
  const said: Verdict[][] = []
  for (;;) {
    const verdicts = await look()
    if (verdicts) said.push(verdicts)
    const seconds = (performance.now() - from) / 1000
    if (verdicts && isSo(verdicts)) return { isSo: true, seconds, said }
    if (seconds > secondsMax) return { isSo: false, seconds, said }
    await wait(1_000)
  }
}

const isCalm = (verdicts: Verdict[]) => verdicts.length === 0

/** Nothing to say, look after look. */
const becomeCalm = async () => {
  for (let calm = 0; calm < 3; calm++) {
    const { isSo, said } = await until(isCalm, CALM_SECONDS_MAX)
    expect(isSo, `not calm: ${told(said.at(-1) ?? [])}`).toBe(true)
    if (said.length > 1) calm = 0
    await wait(1_000)
  }
}

const told = (verdicts: Verdict[]) =>
  [...new Set(verdicts.map(({ route, why }) => `${route}: ${why}`))].slice(0, 20).join('\n')

const waited: { clientSeconds: number; spent: number }[] = []

/** What clients waited while the work went on, and what the ledger says was spent. */
const underLoad = async (load: Load, work: () => Promise<void>) => {
  const before = await spentSeconds(lab.metricsUrl)
  const driving = lab.load(load)
  try {
    await work()
  } finally {
    const { routes } = await driving.stop()
    const clientSeconds = routes.reduce((sum, each) => sum + each.mean_ms * each.requests, 0) / 1000
    const spent = (await spentSeconds(lab.metricsUrl)) - before
    // A release that takes the place of another begins anew.
    if (spent > 0) waited.push({ clientSeconds, spent })
  }
}

const blamesDatabase = ({ kind }: Named) =>
  ['statement', 'repeated', 'lock', 'idle_transaction', 'pool', 'holder'].includes(kind)

describe.skipIf(!program)(titled('why it is slow', 'prometheus', program), () => {
  beforeAll(async () => {
    lab = await enter()
    await underLoad(usual, () => until(isCalm, 90).then(() => becomeCalm()))
    waited.length = 0
  })
  afterAll(async () => {
    leave?.()
    await left
  })

  test.each(scenarios)(
    '$fault is named, and nothing is before and after it',
    async ({ fault, load, kinds, culprit, route, eases }) => {
      await underLoad(load, async () => {
        expect((await until(isCalm, CALM_SECONDS_MAX)).isSo).toBe(true)
        await lab.switch(fault, 5)
        const isIt = (verdict: Verdict) =>
          kinds.includes(verdict.kind) && culprit.test(verdict.culprit)
        const named = await until(
          ([worst]) => worst !== undefined && isIt(worst) && (!route || worst.route === route),
          NAMED_SECONDS_MAX,
        )
        const dashboard = await lab.query('why:verdict')
        await lab.switch(fault, 0)
        console.log(`${fault}: ${named.seconds.toFixed(0)} s: ${told(named.said.at(-1) ?? [])}`)
        expect(named.isSo, told(named.said.flat())).toBe(true)
        expect(dashboard.some(({ metric }) => culprit.test(metric.culprit ?? ''))).toBe(true)
        if (fault === 'event-loop-block')
          expect(named.said.flat().filter(blamesDatabase)).toEqual([])
        if (!eases) await becomeCalm()
      })
      if (eases) await underLoad(usual, becomeCalm)
    },
  )

  test('what requests are said to have spent is what their clients waited, within 5 %', () => {
    const sum = (name: 'clientSeconds' | 'spent') =>
      waited.reduce((all, each) => all + each[name], 0)
    const ratio = sum('spent') / sum('clientSeconds')
    console.log(`phases over the client's time: ${ratio.toFixed(3)}`, waited)
    expect(ratio).toBeGreaterThan(0.95)
    expect(ratio).toBeLessThan(1.05)
  })

  test.each([
    ['slow', 'release'],
    ['errors', 'failing_release'],
  ] as const)('a release that is worse is named: %s', async (BAD_RELEASE, kind) => {
    await underLoad(usual, async () => {
      await becomeCalm()
      const VERSION = `1.1.0-${BAD_RELEASE}`
      await lab.release({ VERSION, BAD_RELEASE })
      const named = await until(
        ([worst]) => worst?.kind === kind && worst.culprit === VERSION,
        NAMED_SECONDS_MAX,
      )
      await lab.release({ VERSION: `1.1.1-${BAD_RELEASE}-fixed` })
      console.log(
        `release ${BAD_RELEASE}: ${named.seconds.toFixed(0)} s: ${told(named.said.at(-1) ?? [])}`,
      )
      expect(named.isSo, told(named.said.flat())).toBe(true)
      await becomeCalm()
    })
  })
})
