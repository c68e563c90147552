import { describe, expect, test } from 'vitest'
import { evidenceFor, PRODUCTION, verdictsFrom } from './attribution.ts'
import type { Answers } from './attribution.ts'
import { requireTool, titled } from '../backend/test/debian-package.ts'
import { promtoolTest, seriesOf } from './test/promtool.ts'
import { whyCases } from './test/why-cases.ts'
import { kinds } from './why/rules.ts'

const promtool = await requireTool('promtool')

const labelled = (labels: Record<string, string>) =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`

const patient = { timeout: 90_000 }

describe.skipIf(!promtool)(
  titled('the verdict, by promtool', 'promtool', promtool),
  patient,
  () => {
    test.for(whyCases)('$story', async ({ series, verdicts }) => {
      const said = await promtoolTest(
        promtool!,
        ['why'],
        [
          {
            interval: '10s',
            input_series: seriesOf(series),
            promql_expr_test: [
              {
                expr: 'why:verdict > bool 0',
                eval_time: '4m',
                exp_samples: verdicts.map((labels) => ({ labels: labelled(labels), value: 1 })),
              },
            ],
          },
        ],
      )
      expect(said).toBe('')
    })
  },
)

test('each kind of cause has a case', () => {
  const tried = new Set(whyCases.flatMap(({ verdicts }) => verdicts.map(({ kind }) => kind)))
  expect(kinds.filter((kind) => !tried.has(kind))).toEqual([])
})

const nothing = Object.fromEntries(
  Object.keys(evidenceFor(PRODUCTION)).map((name) => [name, []]),
) as unknown as Answers

const of = (route: string, value: number) => ({ metric: { route }, value })

test('in words: who is slow, because of whom, by how much; the worst first', () => {
  const slow = { symptom: 'slow', phase: 'db', kind: 'statement' }
  const verdicts = verdictsFrom({
    ...nothing,
    verdicts: [
      { metric: { ...slow, route: '/api/offers', culprit: 'offers.find' }, value: 0.6 },
      { metric: { ...slow, route: '/api/flights', culprit: 'flights.search' }, value: 0.921 },
    ],
    requests: [of('/api/flights', 12), of('/api/offers', 1)],
    p95: [of('/api/flights', 1.5), of('/api/offers', 0.5)],
    targets: [of('/api/flights', 0.75), of('/api/offers', 0.3)],
    statements: [{ metric: { query: 'flights.search' }, value: 0.24 }],
  })
  expect(verdicts.map(({ route }) => route)).toEqual(['/api/flights', '/api/offers'])
  expect(verdicts[0]).toMatchObject({
    p95Seconds: 1.5,
    targetSeconds: 0.75,
    requestsPerSecond: 12,
    why: 'statement flights.search takes 240 ms a call (92 % of the slow time)',
  })
})

test('when all is well nothing is said', () => {
  expect(verdictsFrom(nothing)).toEqual([])
})
