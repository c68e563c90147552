import { alert } from './rule-file.ts'
import type { RuleFile } from './rule-file.ts'

const failed = 'http_requests_total{job="api",status=~"5.."}'
const all = 'http_requests_total{job="api"}'

// Without the topk, a restart on the same instance is "many-to-many" until the old series is forgotten.
const build = 'topk by (job, instance) (1, app_build_info{job="api"})'
const byVersion = (metric: string) =>
  `sum by (version) (rate(${metric}[5m]) * on (job, instance) group_left (version) ${build})`

const isSpike =
  'app:http_error:ratio_rate5m > 0.01 and app:http_error:ratio_rate5m > 3 * (app:http_error:ratio_rate5m offset 30m or 0 * app:http_error:ratio_rate5m)'
const isAfterDeploy = 'on () (count(app:version_new:bool) > 0)'

export const changeRules: RuleFile = {
  name: 'change',
  groups: [
    {
      name: 'change',
      rules: [
        {
          record: 'app:http_error:ratio_rate5m',
          expr: `(sum(rate(${failed}[5m])) or vector(0)) / (sum(rate(${all}[5m])) > 0.1)`,
        },
        {
          record: 'version:http_error:ratio_rate5m',
          expr: `(${byVersion(failed)} or 0 * ${byVersion(all)}) / (${byVersion(all)} > 0)`,
        },
        {
          // The first half hour of monitoring itself is no deploy.
          record: 'app:version_new:bool',
          expr: 'count by (version) (app_build_info{job="api"}) unless count by (version) (app_build_info{job="api"} offset 30m) and on () count(app_build_info{job="api"} offset 30m)',
        },
        alert({
          name: 'DeployRegression',
          severity: 'page',
          expr: `${isSpike} and ${isAfterDeploy}`,
          for: '3m',
          summary:
            '{{ $value | humanizePercentage }} of requests fail, three times as many as half an hour ago, and a version is live that was not there then: roll back first',
          dashboard: 'changed',
        }),
        alert({
          name: 'ErrorSpikeWithoutDeploy',
          severity: 'page',
          expr: `${isSpike} unless ${isAfterDeploy}`,
          for: '3m',
          summary:
            '{{ $value | humanizePercentage }} of requests fail, three times as many as half an hour ago, and nothing was released: look for load, a partner or the database',
          dashboard: 'changed',
        }),
        alert({
          name: 'RouteSlow',
          severity: 'ticket',
          expr: 'why:verdict{symptom="slow"}',
          for: '10m',
          summary:
            '{{ $labels.route }} is slower than its target because of {{ $labels.culprit }} ({{ $labels.kind }}): {{ $value | humanizePercentage }} of its slow time is {{ $labels.phase }}',
          dashboard: 'endpoint?var-route={{ $labels.route }}',
        }),
        alert({
          name: 'RouteFailing',
          severity: 'ticket',
          expr: 'why:verdict{symptom="errors"}',
          for: '10m',
          summary:
            '{{ $labels.route }} fails because of {{ $labels.culprit }} ({{ $labels.kind }}): {{ $value | humanizePercentage }}',
          dashboard: 'endpoint?var-route={{ $labels.route }}',
        }),
      ],
    },
  ],
}
