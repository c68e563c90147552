import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile/index.js'
import type { Ground } from './ground.ts'
import { makeRole } from './role.ts'
import type { Site } from './site.ts'
import { allow, type Statement } from './statements.ts'

/** What the agent of Systems Manager needs. AWS offers no narrower resource for any of these. */
const beManaged = () =>
  allow('BeManaged', {
    actions: [
      'ssm:UpdateInstanceInformation',
      'ssm:ListInstanceAssociations',
      'ssm:UpdateInstanceAssociationStatus',
      'ssm:PutInventory',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
      'ec2messages:AcknowledgeMessage',
      'ec2messages:GetEndpoint',
      'ec2messages:GetMessages',
      'ec2messages:SendReply',
    ],
    on: '*',
  })

const startItself = (site: Site, ground: Ground) => [
  allow('ReadItsParameters', {
    actions: ['ssm:GetParameter'],
    on: [
      `arn:aws:ssm:${site.region}:${site.account}:parameter/aeroflash/${site.environment.name}/*`,
    ],
  }),
  allow('ReadItsSecrets', { actions: ['secretsmanager:GetSecretValue'], on: ground.secrets }),
  allow('ReadWhatIsEncrypted', {
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    on: [ground.key.arn],
  }),
  allow('FetchTheRelease', { actions: ['s3:GetObject'], on: [`${ground.bundles}/releases/*`] }),
  allow('AskForImages', { actions: ['ecr:GetAuthorizationToken'], on: '*' }),
  allow('FetchImages', {
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    on: [`arn:aws:ecr:${site.region}:${site.account}:repository/aeroflash/*`],
  }),
]

/** How full a host is, it says itself: what there is of them follows that (saturation.ts). */
const sayHowFull = () =>
  allow('SayHowFullItIs', {
    actions: ['cloudwatch:PutMetricData'],
    on: '*',
    when: { StringEquals: { 'cloudwatch:namespace': 'AeroFlash' } },
  })

/** RDS is measured by CloudWatch alone, which the monitoring asks. */
const watch = (site: Site) => [
  allow('ReadMeasures', {
    actions: ['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics', 'tag:GetResources'],
    on: '*',
  }),
  allow('FindItsVolume', { actions: ['ec2:DescribeVolumes'], on: '*' }),
  allow('TakeItsVolume', {
    actions: ['ec2:AttachVolume'],
    on: [
      `arn:aws:ec2:${site.region}:${site.account}:volume/*`,
      `arn:aws:ec2:${site.region}:${site.account}:instance/*`,
    ],
    when: { StringEquals: { 'aws:ResourceTag/Environment': site.environment.name } },
  }),
]

export type Duty = 'app' | 'monitor' | 'both'

/** Who a host is. Nothing in a container can be it: its token does not travel that far (hop limit 1). */
export const makeHostRole = (site: Site, ground: Ground, id: string, duty: Duty) => {
  const may: Statement[] = [beManaged(), ...startItself(site, ground)]
  if (duty !== 'monitor') may.push(sayHowFull())
  if (duty !== 'app') may.push(...watch(site))
  const role = makeRole(site, id, {
    description: `A host of AeroFlash: ${duty}`,
    trusts: { Service: 'ec2.amazonaws.com' },
    may,
  })
  return new IamInstanceProfile(site.stack, `role-${id}-profile`, {
    name: `${site.name}-${site.region}-${id}`,
    role: role.name,
  }).name
}
