import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js'
import { letIn, makeGroup } from './doors.ts'
import type { Network } from './network.ts'
import type { Site } from './site.ts'

/** What a private host asks AWS for all day, or must reach when the way out is closed. */
const PRIVATE = ['ssm', 'ssmmessages', 'secretsmanager', 'ecr.api', 'ecr.dkr']

const openGateway = (site: Site, network: Network) =>
  new VpcEndpoint(site.stack, 'endpoint-s3', {
    vpcId: network.vpc,
    serviceName: `com.amazonaws.${site.region}.s3`,
    vpcEndpointType: 'Gateway',
    routeTableIds: network.tables,
    tags: { Name: `${site.name}-s3` },
  })

/** S3 without leaving AWS costs nothing; the others are worth it where hosts are private. */
export const shortenWays = (site: Site, network: Network) => {
  openGateway(site, network)
  if (site.environment.topology === 'single') return
  const group = makeGroup(site, 'endpoints', network.vpc, 'Private ways to services of AWS')
  letIn(site, group, { cidr: network.cidr }, 443, 'Hosts ask services of AWS')
  for (const service of PRIVATE)
    new VpcEndpoint(site.stack, `endpoint-${service.replace('.', '-')}`, {
      vpcId: network.vpc,
      serviceName: `com.amazonaws.${site.region}.${service}`,
      vpcEndpointType: 'Interface',
      subnetIds: network.private,
      securityGroupIds: [group.id],
      privateDnsEnabled: true,
      tags: { Name: `${site.name}-${service}` },
    })
}
