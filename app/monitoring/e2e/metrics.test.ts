import { parser } from '@prometheus-io/lezer-promql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prometheusAt } from '../ask-prometheus.ts'
import { ruleFiles } from '../rules/rule-files.ts'
import { titled } from '../../backend/test/debian-package.ts'
import { labels, metadata, pinoFields } from '../test/log-fields.ts'
import { asSent, asked } from '../test/queries.ts'
import type { Asked } from '../test/queries.ts'
import { notHere, notYet } from './not-here.ts'
import { isEverythingHere, programs, stopWatching, watch } from './watched.ts'
import type { Seen } from './watched.ts'

let seen: Seen

const metricsIn = (expr: string) => {
  const found = new Set<string>()
  parser.parse(expr).iterate({
    enter: ({ name, from, to }) => {
      if (name === 'Identifier' && !/\bby$/.test(expr.slice(0, from)))
        found.add(expr.slice(from, to))
    },
  })
  return [...found]
}

const reasonFor = (expr: string) =>
  notHere.find(({ metric }) => metricsIn(expr).some((name) => metric.test(name)))?.why ??
  notYet.find(({ piece }) => piece.test(expr))?.why

describe.skipIf(!isEverythingHere)(
  titled('under load, watched by a real Prometheus', 'prometheus', programs.prometheus),
  { timeout: 120_000 },
  () => {
    beforeAll(async () => {
      seen = await watch()
    }, 300_000)

    afterAll(stopWatching, 60_000)

    test('everything that is scraped answers', async () => {
      const up = await seen.query('up')
      expect(up.length).toBeGreaterThanOrEqual(7)
      expect(up.filter(({ value }) => value !== 1)).toEqual([])
    })

    test('every query of every panel and marker has a finite answer', async () => {
      const silent: string[] = []
      const ask = async ({ where, expr }: Asked) => {
        // Some speak for a moment alone: when a fault began, while something filled up.
        const lately = `last_over_time((${asSent(expr, '20s')})[90s:2s])`
        const answer = await seen.query(lately).catch(({ message }: Error) => message)
        const isFinite = Array.isArray(answer) && answer.some(({ value }) => Number.isFinite(value))
        if (!isFinite) silent.push(`${where}: ${typeof answer === 'string' ? answer : ''} ${expr}`)
      }
      const here = asked.filter(({ language, expr }) => language === 'promql' && !reasonFor(expr))
      await Promise.all(here.map(ask))
      expect(silent).toEqual([])
    })

    test('no rule fails, and each that records something has recorded it', async () => {
      const groups = await prometheusAt(seen.url).ruleGroups()
      const failed = groups.flatMap(({ rules }) => rules.filter(({ lastError }) => lastError))
      expect(failed).toEqual([])
      const silent: string[] = []
      for (const { groups: defined } of ruleFiles)
        for (const rule of defined.flatMap(({ rules }) => rules)) {
          if (!('record' in rule) || rule.record === 'why:blame' || reasonFor(rule.expr)) continue
          if (notHere.some(({ metric }) => metric.test(rule.record))) continue
          const by = Object.entries(rule.labels ?? {}).map(([name, value]) => `${name}="${value}"`)
          const recorded = `${rule.record}{${by.join(',')}}`
          const found = await seen.query(`max_over_time(${recorded}[1m])`)
          if (!found.some(({ value }) => Number.isFinite(value)))
            silent.push(`${recorded} = ${rule.expr}`)
        }
      expect(silent).toEqual([])
    })

    test('every metric that an alert looks at exists', async () => {
      const missing = new Set<string>()
      for (const { groups } of ruleFiles)
        for (const rule of groups.flatMap(({ rules }) => rules)) {
          if (!('alert' in rule)) continue
          for (const name of metricsIn(rule.expr)) {
            const isKnown = notHere.some(({ metric }) => metric.test(name))
            const found = isKnown ? [1] : await seen.query(`count_over_time(${name}[2m])`)
            if (found.length === 0) missing.add(`${rule.alert}: ${name}`)
          }
        }
      expect([...missing]).toEqual([])
    })

    test('the partner that was slow is named, by the table’s own query', async () => {
      const said = await seen.query('max_over_time(why:verdict{kind="partner"}[1m])')
      expect(said.map(({ metric }) => metric.culprit)).toContain('payments.charge')
    })

    test('a slow request left an exemplar that leads to its lines', async () => {
      const from = new URL('/api/v1/query_exemplars', seen.url)
      from.search = new URLSearchParams({
        query: 'http_request_duration_seconds_bucket',
        start: String(seen.at - 120),
        end: String(seen.at),
      }).toString()
      const { data } = (await (await fetch(from)).json()) as {
        data: { exemplars: { labels: { trace_id: string } }[] }[]
      }
      const traces = data.flatMap(({ exemplars }) => exemplars.map((each) => each.labels.trace_id))
      expect(traces.length).toBeGreaterThan(0)
      const written = new Set(seen.entries.map((entry) => entry.metadata.trace_id))
      expect(traces.filter((trace) => !written.has(trace))).toEqual([])
    })

    test('lines have the labels, the metadata and the fields that queries ask for', () => {
      const { entries } = seen
      expect(new Set(entries.flatMap((each) => Object.keys(each.labels)))).toEqual(new Set(labels))
      const beside = new Set(entries.flatMap((each) => Object.keys(each.metadata)))
      expect(metadata.filter((name) => !beside.has(name))).toEqual([])
      const found = new Set([...beside, ...entries.flatMap((each) => Object.keys(each.line))])
      const notInThisLoad = new Set(['level', 'query', 'job', 'err_type'])
      expect(pinoFields.filter((name) => !found.has(name) && !notInThisLoad.has(name))).toEqual([])
    })

    test('a booking reference finds its requests, and they lead to each of their lines', () => {
      const ofBooking = seen.entries.filter(
        ({ metadata: { booking_reference } }) => booking_reference,
      )
      expect(ofBooking.length).toBeGreaterThan(0)
      for (const { metadata: found } of ofBooking)
        expect(seen.entries.some((each) => each.metadata.request_id === found.request_id)).toBe(
          true,
        )
    })
  },
)
