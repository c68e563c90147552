import type { Rule } from '../why/rule.ts'

/** page: somebody gets up now. ticket: somebody looks at it today. none: it is not for people. */
export type Severity = 'page' | 'ticket' | 'none'

export type Alert = {
  alert: string
  expr: string
  for?: string
  keep_firing_for?: string
  labels: Record<string, string>
  annotations: Record<'summary' | 'runbook_url' | 'dashboard', string>
}

export type Group = { name: string; interval?: string; rules: (Rule | Alert)[] }

/** The name of a file in prometheus/rules, and what is in it. */
export type RuleFile = { name: string; groups: Group[] }

type Wording = {
  name: string
  severity: Severity
  expr: string
  for?: string
  /** One sentence for who is woken: what is wrong, for whom, by how much. */
  summary: string
  /** The dashboard to open, with its variables: 'endpoint?var-route={{ $labels.route }}'. */
  dashboard: string
  labels?: Record<string, string>
}

/** An alert as the house has it: a sentence, a runbook of its name, a dashboard that is already filtered. */
export const alert = ({ name, severity, summary, dashboard, labels, ...rule }: Wording): Alert => ({
  alert: name,
  expr: rule.expr,
  ...(rule.for && { for: rule.for }),
  labels: { severity, ...labels },
  annotations: {
    summary,
    runbook_url: `{{ $externalLabels.repository }}app/monitoring/runbooks/${name}.md`,
    dashboard: `{{ $externalLabels.grafana }}/d/aeroflash-${dashboard}`,
  },
})
