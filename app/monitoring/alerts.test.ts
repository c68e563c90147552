import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { alerts } from './rules/rule-files.ts'
import { NGINX_CONNECTIONS } from './rules/saturation.ts'
import { cases } from './test/alert-cases.ts'
import { requireTool, titled } from '../backend/test/debian-package.ts'
import { promtoolCase, promtoolTest, runTool } from './test/promtool.ts'

const promtool = await requireTool('promtool')
const runbooks = join(import.meta.dirname, 'runbooks')
const names = [...new Set(alerts.map(({ alert }) => alert))]

// promtool plays days in seconds, of a processor that may be busy.
const patient = { timeout: 90_000 }

describe.skipIf(!promtool)(titled('each alert, by promtool', 'promtool', promtool), patient, () => {
  test('Prometheus accepts every rule', async () => {
    const files = await readdir(join(import.meta.dirname, 'prometheus/rules'))
    const { ok, said } = await runTool(promtool!, ['check', 'rules', ...files])
    expect(ok, said).toBe(true)
  })

  test.for(cases)('$alert is silent until $story', async (each) => {
    expect(
      await promtoolTest(
        promtool!,
        each.rules,
        [promtoolCase(each)],
        each.evaluatedEvery ?? each.interval,
      ),
    ).toBe('')
  })

  test('the watchdog never sleeps', async () => {
    const always = { expr: 'count(ALERTS{alertname="Watchdog",alertstate="firing"})' }
    const wanted = { ...always, eval_time: '5m', exp_samples: [{ labels: '{}', value: 1 }] }
    const input_series = [{ series: 'up', values: '1x10' }]
    const watched = { interval: '1m', input_series, promql_expr_test: [wanted] }
    expect(await promtoolTest(promtool!, ['telemetry'], [watched])).toBe('')
  })
})

test('each alert has a case that sees it silent and then hears its words', () => {
  const tried = new Set(cases.map(({ alert }) => alert))
  expect(names.filter((name) => !tried.has(name))).toEqual(['Watchdog'])
})

test('each alert has a runbook that says what it means, what to look at and what to do', async () => {
  const written = await readdir(runbooks)
  expect(written.toSorted()).toEqual(names.map((name) => `${name}.md`).toSorted())
  for (const file of written) {
    const text = await readFile(join(runbooks, file), 'utf8')
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
    expect(headings, file).toEqual(['What it means', 'Look at', 'Do'])
  }
})

test('the limit of connections in the rules is the one that Nginx has', async () => {
  const conf = await readFile(join(import.meta.dirname, '../frontend/nginx/nginx.conf'), 'utf8')
  expect(conf).toContain(`worker_connections ${NGINX_CONNECTIONS};`)
})
