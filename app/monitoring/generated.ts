import { stringify } from 'yaml'
import { dashboards } from './dashboards/dashboards.ts'
import { ruleFiles } from './rules/rule-files.ts'

const header =
  '# Written by `npm run dashboards` from app/monitoring/rules and why; a test compares.\n'

/** The generated files by their path in app/monitoring. */
export const generated = (): Map<string, string> =>
  new Map([
    ...ruleFiles.map(({ name, groups }): [string, string] => [
      `prometheus/rules/${name}.yml`,
      header + stringify({ groups }, { lineWidth: 100, aliasDuplicateObjects: false }),
    ]),
    ...dashboards.map((dashboard): [string, string] => [
      `grafana/dashboards/${dashboard.uid}.json`,
      `${JSON.stringify(dashboard, null, 2)}\n`,
    ]),
  ])
