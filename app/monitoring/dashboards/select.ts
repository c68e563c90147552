/*
 * PromQL that each dashboard needs. What the API and the worker say is filtered by version with `and`,
 * a set operation: joining the version on as a label breaks when a slot has had two.
 */

const isShown = 'and on (job, instance) app_build_info{version=~"$version"}'

const within = '[$__rate_interval]'

/** Counters of the API by the second. */
export const api = (metric: string, labels = '') =>
  `(rate(${metric}{job="api"${labels && `,${labels}`}}${within}) ${isShown})`

/** The same of the API and the worker. */
export const ours = (metric: string, labels = '') =>
  `(rate(${metric}{job=~"api|worker"${labels && `,${labels}`}}${within}) ${isShown})`

/** Gauges of the API and the worker. */
export const gauge = (metric: string, labels = '') =>
  `(${metric}{job=~"api|worker"${labels && `,${labels}`}} ${isShown})`

/** What came in the time that is looked at. */
export const inAll = (metric: string, labels = '') =>
  `sum(increase(${metric}{${labels}}[$__range]))`

/** A zero instead of nothing: no errors are a line at 0, not a hole. */
export const orZero = (expr: string) => `(${expr} or vector(0))`

/** Seconds below which the share of requests was answered. */
export const quantile = (share: number, metric: string, labels: string, by = '') =>
  `histogram_quantile(${share}, sum by (le${by && `, ${by}`}) ${api(`${metric}_bucket`, labels)})`
