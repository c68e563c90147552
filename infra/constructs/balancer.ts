import { Lb } from '@cdktf/provider-aws/lib/lb/index.js'
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener/index.js'
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group/index.js'
import { alarm } from './alarms.ts'
import type { Ground } from './ground.ts'
import { except, type Site } from './site.ts'

const READY = {
  path: '/api/readyz',
  protocol: 'HTTPS',
  port: 'traffic-port',
  matcher: '200',
  interval: 10,
  timeout: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 3,
}

const openBalancer = (site: Site, ground: Ground, group: string) => {
  const balancer = new Lb(site.stack, 'balancer', {
    name: site.name,
    loadBalancerType: 'application',
    internal: false,
    subnets: ground.network.public,
    securityGroups: [group],
    dropInvalidHeaderFields: true,
    desyncMitigationMode: 'strictest',
    enableDeletionProtection: site.environment.protected,
    enableHttp2: true,
    // Longer than the site’s longest answer: its streams say something every 15 s.
    idleTimeout: 60,
    accessLogs: { bucket: ground.accessLogs, prefix: 'balancer', enabled: true },
  })
  if (!site.environment.protected)
    except(balancer, 'AF-ALB-03', 'The environment is disposable, or about to be taken down.')
  return balancer
}

/** One address for all hosts: TLS ends here, and begins anew to the Nginx of a host that is ready. */
export const balance = (site: Site, ground: Ground, group: string, certificate: string) => {
  const balancer = openBalancer(site, ground, group)
  const ready = new LbTargetGroup(site.stack, 'ready-hosts', {
    name: site.name,
    vpcId: ground.network.vpc,
    port: 443,
    protocol: 'HTTPS',
    deregistrationDelay: '60',
    slowStart: 30,
    loadBalancingAlgorithmType: 'least_outstanding_requests',
    healthCheck: READY,
  })
  new LbListener(site.stack, 'https', {
    loadBalancerArn: balancer.arn,
    port: 443,
    protocol: 'HTTPS',
    sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    certificateArn: certificate,
    defaultAction: [{ type: 'forward', targetGroupArn: ready.arn }],
  })
  new LbListener(site.stack, 'http', {
    loadBalancerArn: balancer.arn,
    port: 80,
    protocol: 'HTTP',
    defaultAction: [
      { type: 'redirect', redirect: { port: '443', protocol: 'HTTPS', statusCode: 'HTTP_301' } },
    ],
  })
  watch(site, ground, balancer, ready)
  return { arn: balancer.arn, name: balancer.dnsName, zone: balancer.zoneId, ready: ready.arn }
}

const watch = (site: Site, ground: Ground, balancer: Lb, ready: LbTargetGroup) => {
  const of = { LoadBalancer: balancer.arnSuffix }
  const namespace = 'AWS/ApplicationELB'
  alarm(site, ground.topic, 'balancer-errors', {
    namespace,
    of,
    metric: 'HTTPCode_ELB_5XX_Count',
    statistic: 'Sum',
    over: 10,
    minutes: 3,
    says: 'The balancer itself answers with errors: no host was ready, or none answered in time.',
  })
  alarm(site, ground.topic, 'hosts-not-ready', {
    namespace,
    of: { ...of, TargetGroup: ready.arnSuffix },
    metric: 'UnHealthyHostCount',
    statistic: 'Maximum',
    over: 0,
    minutes: 5,
    says: 'A host has not been ready for five minutes. It is about to be replaced: see why first.',
  })
}
