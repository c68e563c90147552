import { select } from './rule.ts'
import type { Rule, Span } from './rule.ts'

/** Fewer requests than this in the window prove nothing. */
const REQUESTS_MIN = 5
/** A route is slow when more than this share of its requests is above the target of the route. */
const SLOW_SHARE = 0.05
const ERROR_SHARE = 0.02
/** How far back the release before this one is remembered. */
const HISTORY = '30m'
/** A release is to blame when it takes this many times as long as the one before, or fails so. */
const WORSE = 2

const { api, apiWith } = select

/** Which routes are slow or fail, and where their slow requests spend their time. */
export const symptoms = ({ window, seconds }: Span): Rule[] => {
  const byRoute = (metric: string, labels: string) =>
    `sum by (route) (rate(${metric}${apiWith(labels)}[${window}]))`
  const slow = byRoute('http_request_phase_seconds_total', 'slow="1"')
  const waits = byRoute('http_request_phase_seconds_total', 'slow="1",phase=~"queue|loop"')
  const others = `sum by (route, phase) (rate(http_request_phase_seconds_total${apiWith('slow="1",phase!~"queue|loop"')}[${window}]))`
  const enough = `why:requests:rate * ${seconds} >= ${REQUESTS_MIN}`
  return [
    { record: 'why:requests:rate', expr: `${byRoute('http_requests_total', 'route!=""')} > 0` },
    {
      record: 'why:p95:seconds',
      expr: `histogram_quantile(0.95, sum by (le, route) (rate(http_request_duration_seconds_bucket${api}[${window}]))) and on (route) why:requests:rate`,
    },
    {
      record: 'why:errors:ratio',
      expr: `(${byRoute('http_requests_total', 'status=~"5.."')} / on (route) why:requests:rate) or on (route) 0 * why:requests:rate`,
    },
    {
      record: 'why:slow:ratio',
      expr: `clamp_min(1 - ${byRoute('app_sli_good_total', 'sli="latency"')} / on (route) (${byRoute('app_sli_total', 'sli="latency"')} > 0), 0)`,
    },
    {
      record: 'why:slow_route:ratio',
      expr: `why:slow:ratio > ${SLOW_SHARE} and on (route) ${enough}`,
    },
    {
      record: 'why:failing_route:ratio',
      expr: `why:errors:ratio > ${ERROR_SHARE} and on (route) ${enough}`,
    },
    {
      // Waiting for the event loop is one thing, whether before our code began or inside an await.
      record: 'why:phase:ratio',
      expr: `(${others} or label_replace(${waits}, "phase", "loop", "", "")) / on (route) group_left () (${slow} > 0)`,
    },
    {
      record: 'why:dominant:ratio',
      expr: 'topk by (route) (1, why:phase:ratio and on (route) why:slow_route:ratio)',
    },
  ]
}

/** Which version is the newest, where it runs, and what it does worse than the one before. */
export const releases = (window: string): Rule[] => {
  const newest = 'and on (job, instance) why:newest:info'
  const before = 'unless on (job, instance) why:newest:info'
  const sum = (metric: string, labels: string, which: string, at = '') =>
    `sum by (route) (rate(${metric}${apiWith(labels)}[${HISTORY}]${at}) ${which})`
  const mean = (which: string, at = '') =>
    `${sum('http_request_duration_seconds_sum', 'route!=""', which, at)} / (${sum('http_request_duration_seconds_count', 'route!=""', which, at)} > 0)`
  const requests = (which: string) => `(${sum('http_requests_total', 'route!=""', which)} > 0)`
  const errors = (which: string) =>
    `${sum('http_requests_total', 'status=~"5.."', which)} / ${requests(which)}`
  const started = `process_start_time_seconds${api} * on (job, instance) group_left (version) topk by (job, instance) (1, app_build_info${api})`
  return [
    {
      record: 'why:newest:info',
      expr: `app_build_info${api} and on (version) topk(1, min by (version) (${started}))`,
    },
    {
      // What was fast in this version until a moment ago is not slow because of the version.
      record: 'why:slower_release:ratio',
      expr: `(${mean(newest)}) / on (route) (${mean(before)}) > ${WORSE} unless on (route) (${mean(newest, ` offset ${window}`)}) < on (route) ${WORSE} * (${mean(before)})`,
    },
    {
      record: 'why:failing_release:ratio',
      expr: `(${errors(newest)}) > ${ERROR_SHARE} and on (route) (${errors(newest)}) > on (route) ${WORSE} * ((${errors(before)}) or on (route) 0 * ${requests(before)})`,
    },
  ]
}
