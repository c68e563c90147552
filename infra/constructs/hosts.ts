import { Token } from 'cdktf'
import { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group/index.js'
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js'
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template/index.js'
import { writeCloudInit } from '../host/cloud-init.ts'
import type { Ground } from './ground.ts'
import { type Duty, makeHostRole } from './host-role.ts'
import type { Site } from './site.ts'

/** Amazon Linux brings the agent of Systems Manager and the command line of AWS. */
const IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64'

type Hosts = {
  id: string
  duty: Duty
  machine: string
  diskGib: number
  least: number
  most: number
  /** Where: any of these subnets, or always behind this one interface, whose address stays. */
  stands: { subnets: string[]; group: string } | { interface: string; zone: string }
  /** Balancers that decide whether a host is well. */
  behind: string[]
}

const tags = (site: Site, duty: Duty) => ({
  Name: `${site.name}-${duty}`,
  Environment: site.environment.name,
  Duty: duty,
})

const hostOf = ({ environment, region, name }: Site, duty: Duty) => {
  const away = environment.away?.region === region ? environment.away : undefined
  return {
    environment,
    region,
    duty,
    cidr: away?.cidr ?? environment.cidr,
    bundles: `${environment.owner}-${name}-${away ? 'bundles-away' : 'bundles'}`,
  }
}

const templateOf = (site: Site, ground: Ground, hosts: Hosts) => {
  const image = new DataAwsSsmParameter(site.stack, `${hosts.id}-image`, { name: IMAGE })
  const { stands } = hosts
  return new LaunchTemplate(site.stack, `${hosts.id}-template`, {
    name: `${site.name}-${hosts.id}`,
    description: `A host of AeroFlash: ${hosts.duty}`,
    updateDefaultVersion: true,
    imageId: image.insecureValue,
    instanceType: hosts.machine,
    iamInstanceProfile: { name: makeHostRole(site, ground, hosts.id, hosts.duty) },
    metadataOptions: {
      httpEndpoint: 'enabled',
      httpTokens: 'required',
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: 'disabled',
    },
    monitoring: { enabled: true },
    ebsOptimized: 'true',
    blockDeviceMappings: [
      {
        deviceName: '/dev/xvda',
        ebs: {
          volumeSize: hosts.diskGib,
          volumeType: 'gp3',
          encrypted: 'true',
          kmsKeyId: ground.key.arn,
          deleteOnTermination: 'true',
        },
      },
    ],
    ...('interface' in stands
      ? {
          networkInterfaces: [
            { networkInterfaceId: stands.interface, deviceIndex: 0, deleteOnTermination: 'false' },
          ],
        }
      : { vpcSecurityGroupIds: [stands.group] }),
    tagSpecifications: ['instance', 'volume'].map((resourceType) => ({
      resourceType,
      tags: tags(site, hosts.duty),
    })),
    userData: Buffer.from(writeCloudInit(hostOf(site, hosts.duty))).toString('base64'),
  })
}

/** A group that keeps as many hosts as it should: one that fails is replaced by a new one. */
export const runHosts = (site: Site, ground: Ground, hosts: Hosts) => {
  const template = templateOf(site, ground, hosts)
  const { stands } = hosts
  const overlaps = hosts.most > 1
  return new AutoscalingGroup(site.stack, hosts.id, {
    name: `${site.name}-${hosts.id}`,
    minSize: hosts.least,
    maxSize: hosts.most,
    ...('interface' in stands
      ? { availabilityZones: [stands.zone] }
      : { vpcZoneIdentifier: stands.subnets }),
    // By number: a new version is a change of the group, which replaces its hosts.
    launchTemplate: { id: template.id, version: Token.asString(template.latestVersion) },
    serviceLinkedRoleArn: ground.scaling,
    targetGroupArns: hosts.behind,
    healthCheckType: hosts.behind.length > 0 ? 'ELB' : 'EC2',
    healthCheckGracePeriod: 420,
    defaultInstanceWarmup: 300,
    enabledMetrics: ['GroupInServiceInstances', 'GroupDesiredCapacity'],
    instanceRefresh: {
      strategy: 'Rolling',
      preferences: {
        minHealthyPercentage: overlaps ? 100 : 0,
        maxHealthyPercentage: overlaps ? 200 : 100,
        autoRollback: true,
        skipMatching: true,
        instanceWarmup: '300',
      },
    },
    tag: Object.entries(tags(site, hosts.duty)).map(([key, value]) => ({
      key,
      value,
      propagateAtLaunch: true,
    })),
    waitForCapacityTimeout: '0',
    // How many there are is for the alarms to say, once it runs.
    lifecycle: { ignoreChanges: ['desired_capacity'] },
  })
}
