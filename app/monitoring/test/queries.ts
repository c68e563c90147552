import type { Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboards } from '../dashboards/dashboards.ts'

/** A query of a panel or an annotation, and where it stands. */
export type Asked = { where: string; expr: string; language: 'promql' | 'logql' }

type Target = { expr?: string; datasource?: { type?: string }; refId?: string }

export const panelsOf = (panels: (Panel | RowPanel)[] = []): Panel[] =>
  panels.filter((panel): panel is Panel => panel.type !== 'row')

const languageOf = (type: string | undefined) => (type === 'loki' ? 'logql' : 'promql')

export const asked: Asked[] = dashboards.flatMap(({ title = '', panels, annotations }) => [
  ...panelsOf(panels).flatMap((panel) =>
    ((panel.targets ?? []) as Target[]).map(({ expr = '', datasource, refId }) => ({
      where: `${title} > ${panel.title} ${refId}`,
      expr,
      language: languageOf(datasource?.type) as Asked['language'],
    })),
  ),
  ...(annotations?.list ?? []).map(({ name, expr = '', datasource }) => ({
    where: `${title} > marker ${name}`,
    expr,
    language: languageOf(datasource?.type) as Asked['language'],
  })),
])

/** As Grafana would send it: every variable at "All", an interval of so long. */
export const asSent = (expr: string, interval = '1m', variables: Record<string, string> = {}) =>
  expr
    .replaceAll(/\$\{?(__rate_interval|__interval|__range|__auto)\}?/g, interval)
    .replaceAll(/\$\{?(\w+)(?::\w+)?\}?/g, (_, name: string) => variables[name] ?? '.*')
