import { parseArgs } from 'node:util'
import { prometheusAt } from './ask-prometheus.ts'
import type { Prometheus } from './ask-prometheus.ts'
import { PRODUCTION, evidenceFor, verdictsFrom } from './attribution.ts'
import type { Answers, Verdict } from './attribution.ts'
import type { Span } from './why/rule.ts'
import { remedies } from './remedies.ts'

/** What is slow or fails, and because of what, worst first; empty when all is well. Throws sentences. */
export const diagnose = async (prometheus: Prometheus, span: Span): Promise<Verdict[]> => {
  await requireData(prometheus)
  const asked = Object.entries(evidenceFor(span)).map(
    async ([name, promql]) => [name, await prometheus.query(promql)] as const,
  )
  return verdictsFrom(Object.fromEntries(await Promise.all(asked)) as Answers)
}

// An empty answer must mean that all is well, and not that nobody looks.
const requireData = async ({ query, ruleGroups }: Prometheus) => {
  const [up, groups] = await Promise.all([query('up{job="api"}'), ruleGroups()])
  if (up.length === 0) throw new Error('This Prometheus does not scrape the API (job="api").')
  if (up.every(({ value }) => value === 0))
    throw new Error(
      'No process of the API answers Prometheus: it is down, or its event loop stands still.',
    )
  const why = groups.find(({ name }) => name === 'why')
  if (!why) throw new Error('This Prometheus does not load our rules (the group "why").')
  const broken = why.rules.find(({ lastError }) => lastError)
  if (broken) throw new Error(`A rule fails, ${broken.name}: ${broken.lastError}`)
  if ((await query('why:requests:rate')).length === 0)
    throw new Error('There are no requests to judge by: nothing was asked of the API just now.')
}

const lineOf = (verdict: Verdict) => {
  const { route, symptom, errorShare, p95Seconds, targetSeconds, why, kind } = verdict
  const how = {
    slow: `p95 ${milliseconds(p95Seconds)}, target ${milliseconds(targetSeconds)}`,
    errors: `${Math.round(errorShare * 100)} % answered 5xx`,
    memory: 'memory runs out',
  }[symptom]
  return `${route}  (${how})\n  because ${why}\n  what to do: ${remedies[kind]}`
}

const milliseconds = (seconds: number) => `${Math.round(seconds * 1000)} ms`

const main = async () => {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
  const url = process.env.PROMETHEUS_URL || 'http://localhost:9090'
  const verdicts = await diagnose(prometheusAt(url), PRODUCTION)
  if (values.json) console.log(JSON.stringify(verdicts))
  else console.log(verdicts.map(lineOf).join('\n') || 'Nothing is slow, and nothing fails.')
  process.exitCode = verdicts.length > 0 ? 3 : 0
}

if (import.meta.main)
  await main().catch(({ message }: Error) => {
    console.error(message)
    process.exitCode = 2
  })
