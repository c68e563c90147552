import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { alerts } from '../rules/rule-files.ts'
import type { Case } from './cases/case.ts'

const rulesFolder = join(import.meta.dirname, '../prometheus/rules')

/** Runs it; what it says, and whether it was content. */
export const runTool = (path: string, words: string[], folder = rulesFolder) =>
  new Promise<{ ok: boolean; said: string }>((resolve) => {
    execFile(path, words, { cwd: folder, timeout: 90_000 }, (error, stdout, stderr) =>
      resolve({ ok: !error, said: stdout + stderr }),
    )
  })

/** What promtool finds wrong with a unit test; empty when it passes. */
export const promtoolTest = async (
  promtool: string,
  rules: string[],
  tests: object[],
  evaluation_interval = '1m',
) => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-promtool-'))
  try {
    const file = join(folder, 'test.yml')
    const rule_files = rules.map((name) => join(rulesFolder, `${name}.yml`))
    await writeFile(file, stringify({ rule_files, evaluation_interval, tests }))
    const { ok, said } = await runTool(promtool, ['test', 'rules', file])
    return ok ? '' : said
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const external_labels = { grafana: 'http://localhost:3000', repository: '' }

export const promtoolCase = ({ series, interval = '1m', ...wanted }: Case) => ({
  name: wanted.story,
  interval,
  external_labels,
  input_series: seriesOf(series),
  alert_rule_test: [
    { eval_time: wanted.silentAt, alertname: wanted.alert, exp_alerts: [] },
    {
      eval_time: wanted.firingAt,
      alertname: wanted.alert,
      exp_alerts: [wanted, ...(wanted.also ?? [])].map((each) => ({
        exp_labels: each.labels,
        exp_annotations: annotationsOf({ alert: wanted.alert, ...each }),
      })),
    },
  ],
})

export const seriesOf = (series: Record<string, string>) =>
  Object.entries(series).map(([name, values]) => ({ series: name, values }))

// The words are the case's own; where to look follows from the alert's name and labels.
const annotationsOf = ({ alert, labels, summary }: Pick<Case, 'alert' | 'labels' | 'summary'>) => {
  const dashboard = alerts.find((each) => each.alert === alert)?.annotations.dashboard ?? ''
  const filled = dashboard
    .replace('{{ $externalLabels.grafana }}', external_labels.grafana)
    .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? '')
  return { summary, dashboard: filled, runbook_url: `app/monitoring/runbooks/${alert}.md` }
}
