import { AutoscalingPolicy } from '@cdktf/provider-aws/lib/autoscaling-policy/index.js'
import { alarm } from './alarms.ts'
import type { Site } from './site.ts'

/**
 * As many hosts as keep the product six tenths full. How full it is, it says itself: each host asks its
 * Prometheus every minute for the worst of what it has of its own (pool, event loop, processor) and hands
 * that to CloudWatch (host/bin/aeroflash-saturation), which averages over hosts. What more hosts would
 * not mend, the connections of the database above all, is left out.
 */
const METRIC = { namespace: 'AeroFlash', metric: 'Saturation' }
const TARGET_PERCENT = 60

export const followSaturation = (site: Site, topic: string, group: string) => {
  new AutoscalingPolicy(site.stack, 'follow-saturation', {
    name: 'follow-saturation',
    autoscalingGroupName: group,
    policyType: 'TargetTrackingScaling',
    estimatedInstanceWarmup: 300,
    targetTrackingConfiguration: {
      targetValue: TARGET_PERCENT,
      customizedMetricSpecification: {
        namespace: METRIC.namespace,
        metricName: METRIC.metric,
        statistic: 'Average',
        unit: 'Percent',
        metricDimension: [{ name: 'Environment', value: site.environment.name }],
      },
    },
  })
  alarm(site, topic, 'saturation-silent', {
    ...METRIC,
    of: { Environment: site.environment.name },
    under: 0,
    minutes: 10,
    silence: 'breaching',
    says: 'Nobody says how full the product is, so nothing scales. Look at aeroflash-saturation on a host.',
  })
}
