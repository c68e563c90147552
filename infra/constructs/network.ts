import { Fn } from 'cdktf'
import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones/index.js'
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group/index.js'
import { Eip } from '@cdktf/provider-aws/lib/eip/index.js'
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log/index.js'
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway/index.js'
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway/index.js'
import { Route } from '@cdktf/provider-aws/lib/route/index.js'
import { RouteTable } from '@cdktf/provider-aws/lib/route-table/index.js'
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association/index.js'
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js'
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js'
import type { Key } from './key.ts'
import { keepLogs } from './logs.ts'
import { makeRole } from './role.ts'
import type { Site } from './site.ts'
import { allow } from './statements.ts'

type Layout = {
  cidr: string
  zones: number
  /** By a NAT gateway in each zone. */ goesOut: boolean
}

/** Which third byte each kind of subnet begins at: 10.x.0, 10.x.32, 10.x.64. */
const FIRST = { public: 0, private: 32, database: 64 } as const
type Kind = keyof typeof FIRST

const ZONES = ['a', 'b', 'c']

const layKind = (site: Site, vpc: Vpc, kind: Kind, { cidr, zones }: Layout) => {
  const names = new DataAwsAvailabilityZones(site.stack, `${kind}-zones`, { state: 'available' })
  return ZONES.slice(0, zones).map((letter, i) => {
    const table = new RouteTable(site.stack, `${kind}-routes-${letter}`, {
      vpcId: vpc.id,
      tags: { Name: `${site.name}-${kind}-${letter}` },
    })
    const subnet = new Subnet(site.stack, `${kind}-${letter}`, {
      vpcId: vpc.id,
      cidrBlock: cidr.replace('.0.0/16', `.${FIRST[kind] + i}.0/24`),
      availabilityZone: Fn.element(names.names, i),
      mapPublicIpOnLaunch: false,
      tags: { Name: `${site.name}-${kind}-${letter}` },
    })
    new RouteTableAssociation(site.stack, `${kind}-${letter}-routes`, {
      subnetId: subnet.id,
      routeTableId: table.id,
    })
    return { letter, subnet, table }
  })
}

type Laid = ReturnType<typeof layKind>

const openToTheWorld = (site: Site, vpc: Vpc, doors: Laid) => {
  const gateway = new InternetGateway(site.stack, 'internet', {
    vpcId: vpc.id,
    tags: { Name: site.name },
  })
  for (const { letter, table } of doors)
    new Route(site.stack, `public-${letter}-out`, {
      routeTableId: table.id,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: gateway.id,
    })
  return gateway
}

const letOut = (site: Site, gateway: InternetGateway, doors: Laid, rooms: Laid) => {
  for (const [i, { letter, table }] of rooms.entries()) {
    const address = new Eip(site.stack, `nat-${letter}-address`, { domain: 'vpc' })
    const nat = new NatGateway(site.stack, `nat-${letter}`, {
      allocationId: address.allocationId,
      subnetId: doors[i]?.subnet.id ?? '',
      tags: { Name: `${site.name}-${letter}` },
      dependsOn: [gateway],
    })
    new Route(site.stack, `private-${letter}-out`, {
      routeTableId: table.id,
      destinationCidrBlock: '0.0.0.0/0',
      natGatewayId: nat.id,
    })
  }
}

const watchTraffic = (site: Site, vpc: Vpc, key: Key) => {
  const group = keepLogs(site, 'flow-logs', `/aeroflash/${site.environment.name}/flow`, key)
  const role = makeRole(site, 'flow-logs-writer', {
    description: 'Writes the flow logs of the network',
    trusts: { Service: 'vpc-flow-logs.amazonaws.com' },
    when: { StringEquals: { 'aws:SourceAccount': site.account } },
    may: [
      allow('WriteFlowLogs', {
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
        on: [`${group.arn}:*`],
      }),
    ],
  })
  new FlowLog(site.stack, 'flow', {
    vpcId: vpc.id,
    trafficType: 'ALL',
    logDestination: group.arn,
    iamRoleArn: role.arn,
    maxAggregationInterval: 600,
  })
}

/** Public, private and database subnets in each zone; only the public ones can be reached at all. */
export const layNetwork = (site: Site, layout: Layout, key: Key) => {
  const vpc = new Vpc(site.stack, 'network', {
    cidrBlock: layout.cidr,
    enableDnsHostnames: true,
    enableDnsSupport: true,
    tags: { Name: site.name },
  })
  new DefaultSecurityGroup(site.stack, 'default-group', { vpcId: vpc.id })
  watchTraffic(site, vpc, key)
  const doors = layKind(site, vpc, 'public', layout)
  const rooms = layKind(site, vpc, 'private', layout)
  const cellar = layKind(site, vpc, 'database', layout)
  const gateway = openToTheWorld(site, vpc, doors)
  if (layout.goesOut) letOut(site, gateway, doors, rooms)
  const ids = (laid: Laid) => laid.map(({ subnet }) => subnet.id)
  return {
    vpc: vpc.id,
    cidr: layout.cidr,
    public: ids(doors),
    private: ids(rooms),
    database: ids(cellar),
    /** Of each public and private subnet: the volumes and the single host stand in the first. */
    zone: doors[0]?.subnet.availabilityZone ?? '',
    tables: [...doors, ...rooms].map(({ table }) => table.id),
    gateway,
  }
}

export type Network = ReturnType<typeof layNetwork>
