export type Rule = { record: string; labels?: Record<string, string>; expr: string }

/** How far back a verdict looks: at least four scrapes. */
export type Span = { window: string; seconds: number }

export const select = {
  api: '{job="api"}',
  ours: '{job=~"api|worker"}',
  apiWith: (labels: string) => `{job="api",${labels}}`,
}

export const rate = (metric: string, by: string, window: string, labels = select.api) =>
  `sum by (${by}) (rate(${metric}${labels}[${window}]))`

export const perCall = (window: string) =>
  `${rate('db_query_seconds_total', 'query', window)} / (${rate('db_queries_total', 'query', window)} > 0)`

/** Gives each route its own culprit, or every route the same one, by the label that names it. */
export const each = (label: string, vector: string) =>
  `* on (route) group_left (${label}) max by (route, ${label}) ((${vector}) ^ 0)`
export const every = (label: string, vector: string) =>
  `* on () group_left (${label}) max by (${label}) ((${vector}) ^ 0)`

/** The label under another name. */
export const renamed = (vector: string, from: string, to: string) =>
  `label_replace(${vector}, "${to}", "$1", "${from}", "(.+)")`

/** What is true of the process, and so of whatever it answers. */
export const EVERY_ROUTE = '(every route)'
