import { all, blocks, first, has, isOn, refersTo, type Rule } from './rule.ts'

const SITE_TLS = /^ELBSecurityPolicy-TLS13-1-[23]/

const wall = (vendor_name: string, name: string) => ({
  rule: [
    {
      statement: { managed_rule_group_statement: { vendor_name, name } },
      visibility_config: { metric_name: name },
    },
  ],
})

const settings: Rule[] = [
  {
    id: 'AF-ALB-01',
    checkov: ['CKV_AWS_91'],
    fsbp: ['ELB.5'],
    says: 'a balancer writes down who asked what',
    on: ['aws_lb'],
    holds: ({ access_logs }) => isOn(first(access_logs).enabled),
    good: { access_logs: { enabled: true, bucket: 'logs' } },
    bad: {},
  },
  {
    id: 'AF-ALB-02',
    checkov: ['CKV_AWS_131'],
    fsbp: ['ELB.4'],
    says: 'headers that are not headers are dropped',
    on: ['aws_lb'],
    holds: ({ drop_invalid_header_fields }) => isOn(drop_invalid_header_fields),
    good: { drop_invalid_header_fields: true },
    bad: {},
  },
  {
    id: 'AF-ALB-03',
    checkov: ['CKV_AWS_150'],
    fsbp: ['ELB.6'],
    says: 'nobody deletes a balancer by mistake',
    on: ['aws_lb'],
    holds: ({ enable_deletion_protection }) => isOn(enable_deletion_protection),
    good: { enable_deletion_protection: true },
    bad: { enable_deletion_protection: false },
  },
  {
    id: 'AF-ALB-04',
    checkov: ['CKV_AWS_328'],
    fsbp: ['ELB.12'],
    says: 'requests that two readers would cut differently are refused',
    on: ['aws_lb'],
    holds: ({ desync_mitigation_mode }) =>
      ['defensive', 'strictest'].includes(String(desync_mitigation_mode)),
    good: { desync_mitigation_mode: 'strictest' },
    bad: { desync_mitigation_mode: 'monitor' },
  },
  {
    id: 'AF-ALB-05',
    checkov: ['CKV_AWS_103', 'CKV2_AWS_74'],
    fsbp: ['ELB.17'],
    says: 'TLS 1.2 at least, with forward secrecy',
    on: ['aws_lb_listener'],
    holds: ({ protocol, ssl_policy }) => protocol !== 'HTTPS' || SITE_TLS.test(String(ssl_policy)),
    good: { protocol: 'HTTPS', ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' },
    bad: { protocol: 'HTTPS', ssl_policy: 'ELBSecurityPolicy-2016-08' },
  },
  {
    id: 'AF-ALB-06',
    checkov: ['CKV_AWS_2', 'CKV2_AWS_20'],
    fsbp: ['ELB.1'],
    says: 'without TLS there is nothing but the way to it',
    on: ['aws_lb_listener'],
    holds: ({ protocol, default_action }) =>
      protocol === 'HTTPS' ||
      blocks(default_action).every(({ redirect }) => first(redirect).protocol === 'HTTPS'),
    good: {
      protocol: 'HTTP',
      default_action: [{ type: 'redirect', redirect: { protocol: 'HTTPS' } }],
    },
    bad: { protocol: 'HTTP', default_action: [{ type: 'forward', target_group_arn: 'ready' }] },
  },
  {
    id: 'AF-ALB-08',
    checkov: ['CKV_AWS_378'],
    fsbp: [],
    says: 'a balancer speaks TLS to hosts too',
    on: ['aws_lb_target_group'],
    holds: ({ protocol }) => protocol === 'HTTPS',
    good: { protocol: 'HTTPS' },
    bad: { protocol: 'HTTP' },
  },
]

const GOOD_WALL = wall('AWS', 'AWSManagedRulesKnownBadInputsRuleSet')

const firewalls: Rule[] = [
  {
    id: 'AF-ALB-07',
    checkov: ['CKV2_AWS_28'],
    fsbp: ['ELB.16'],
    says: 'a firewall stands before a balancer',
    on: ['aws_lb'],
    holds: (_, self) => has('aws_wafv2_web_acl_association', self),
    good: {},
    bad: {},
    others: {
      good: { aws_wafv2_web_acl_association: { it: { resource_arn: '${aws_lb.it.arn}' } } },
    },
  },
  {
    id: 'AF-WAF-01',
    checkov: ['CKV2_AWS_76', 'CKV_AWS_192'],
    fsbp: ['WAF.10'],
    says: 'what is known to break in is refused',
    on: ['aws_wafv2_web_acl'],
    holds: (acl) => JSON.stringify(acl).includes('AWSManagedRulesKnownBadInputsRuleSet'),
    good: GOOD_WALL,
    bad: wall('AWS', 'AWSManagedRulesCommonRuleSet'),
  },
  {
    id: 'AF-WAF-02',
    checkov: ['CKV2_AWS_31'],
    fsbp: ['WAF.11'],
    says: 'what a firewall saw is written down',
    on: ['aws_wafv2_web_acl'],
    holds: (_, self) =>
      all(self.stack, 'aws_wafv2_web_acl_logging_configuration').some((one) => refersTo(one, self)),
    good: {},
    bad: {},
    others: {
      good: {
        aws_wafv2_web_acl_logging_configuration: {
          it: { resource_arn: '${aws_wafv2_web_acl.it.arn}' },
        },
      },
    },
  },
  {
    id: 'AF-WAF-03',
    checkov: [],
    fsbp: ['WAF.12'],
    says: 'every rule is counted; cdktf leaves this block out of a rule that was cast',
    on: ['aws_wafv2_web_acl'],
    holds: ({ rule }) =>
      blocks(rule).every(({ visibility_config }) => Boolean(first(visibility_config).metric_name)),
    good: GOOD_WALL,
    bad: { rule: [{ statement: {} }] },
  },
]

export const balancerRules = [...settings, ...firewalls]
