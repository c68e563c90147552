import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js'
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js'
import type { Site } from './site.ts'

export type Group = { id: string; called: string }
type Other = Group | 'world' | { cidr: string }

export const makeGroup = (site: Site, called: string, vpc: string, description: string): Group => ({
  id: new SecurityGroup(site.stack, `${called}-group`, {
    vpcId: vpc,
    name: `${site.name}-${called}`,
    description,
    tags: { Name: `${site.name}-${called}` },
  }).id,
  called,
})

const whom = (other: Other) => {
  if (other === 'world') return { cidrIpv4: '0.0.0.0/0' }
  return 'cidr' in other ? { cidrIpv4: other.cidr } : { referencedSecurityGroupId: other.id }
}

const named = (other: Other) =>
  typeof other === 'object' && 'called' in other
    ? other.called
    : other === 'world'
      ? 'world'
      : 'network'

const tcp = (port: number) => ({ ipProtocol: 'tcp', fromPort: port, toPort: port })

/** Says why, and returns the rule, so that an exception can be written on it. */
export const letIn = (site: Site, group: Group, from: Other, port: number, why: string) =>
  new VpcSecurityGroupIngressRule(site.stack, `${group.called}-from-${named(from)}-${port}`, {
    securityGroupId: group.id,
    ...whom(from),
    ...tcp(port),
    description: why,
  })

export const letOut = (site: Site, group: Group, to: Other, port: number, why: string) =>
  new VpcSecurityGroupEgressRule(site.stack, `${group.called}-to-${named(to)}-${port}`, {
    securityGroupId: group.id,
    ...whom(to),
    ...tcp(port),
    description: why,
  })

/** From one group to the other, in both their books. */
export const connect = (site: Site, from: Group, to: Group, port: number, why: string) => {
  letOut(site, from, to, port, why)
  letIn(site, to, from, port, why)
}
