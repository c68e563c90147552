import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl/index.js'
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association/index.js'
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration/index.js'
import type { Key } from './key.ts'
import { keepLogs } from './logs.ts'
import type { Site } from './site.ts'

const MANAGED = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesSQLiRuleSet',
]

/** Of one address in five minutes: Nginx has finer limits, this one keeps floods from reaching it. */
const REQUESTS = 5000

const seen = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
  metricName,
})

// `statement` is handed to Terraform as it stands, so it is spelled as Terraform spells it. Do not
// cast a rule: cdktf then leaves its visibility_config out without a word.
const managed = (name: string, i: number) => ({
  name,
  priority: i + 1,
  overrideAction: { none: {} },
  statement: { managed_rule_group_statement: { name, vendor_name: 'AWS' } },
  visibilityConfig: seen(name),
})

const floods = {
  name: 'Floods',
  priority: 0,
  action: { block: {} },
  statement: { rate_based_statement: { limit: REQUESTS, aggregate_key_type: 'IP' } },
  visibilityConfig: seen('Floods'),
}

export const raiseFirewall = (site: Site, balancer: string, key: Key) => {
  const wall = new Wafv2WebAcl(site.stack, 'firewall', {
    name: site.name,
    description: 'What is known to be evil does not get in',
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    rule: [floods, ...MANAGED.map(managed)],
    visibilityConfig: seen(site.name),
  })
  new Wafv2WebAclAssociation(site.stack, 'firewall-before-balancer', {
    resourceArn: balancer,
    webAclArn: wall.arn,
  })
  const log = keepLogs(site, 'firewall-log', `aws-waf-logs-${site.name}`, key)
  new Wafv2WebAclLoggingConfiguration(site.stack, 'firewall-logging', {
    resourceArn: wall.arn,
    logDestinationConfigs: [log.arn],
    redactedFields: ['authorization', 'cookie'].map((name) => ({ singleHeader: { name } })),
  })
}
