import { bucketName } from './bucket.ts'
import type { Key } from './key.ts'
import { RELEASE_DOCUMENT } from './release-document.ts'
import { makeRole } from './role.ts'
import type { Site } from './site.ts'
import { allow, type Statement } from './statements.ts'

const release = (site: Site, region: string): Statement[] => [
  allow(`RunOurDocument${region.replaceAll('-', '')}`, {
    actions: ['ssm:SendCommand'],
    on: [`arn:aws:ssm:${region}:${site.account}:document/${RELEASE_DOCUMENT}`],
  }),
  allow(`OnOurHosts${region.replaceAll('-', '')}`, {
    actions: ['ssm:SendCommand'],
    on: [`arn:aws:ec2:${region}:${site.account}:instance/*`],
    when: {
      StringEquals: {
        'ssm:resourceTag/Environment': site.environment.name,
        'ssm:resourceTag/Duty': ['app', 'both', 'monitor'],
      },
    },
  }),
  allow(`SayWhatIsReleased${region.replaceAll('-', '')}`, {
    actions: ['ssm:PutParameter', 'ssm:GetParameter', 'ssm:DeleteParameter'],
    on: ['released', 'release-lock'].map(
      (id) =>
        `arn:aws:ssm:${region}:${site.account}:parameter/aeroflash/${site.environment.name}/${id}`,
    ),
  }),
]

/** AWS offers no narrower resource for any of these; all of them only look. */
const look = () =>
  allow('SeeHowItGoes', {
    actions: [
      'ssm:GetCommandInvocation',
      'ssm:ListCommandInvocations',
      'ssm:DescribeInstanceInformation',
      'ec2:DescribeInstances',
      'ecr:GetAuthorizationToken',
    ],
    on: '*',
  })

const deliver = (site: Site) => [
  allow('PushImages', {
    actions: [
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:CompleteLayerUpload',
      'ecr:DescribeImageScanFindings',
      'ecr:GetDownloadUrlForLayer',
      'ecr:InitiateLayerUpload',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
    ],
    on: [`arn:aws:ecr:${site.region}:${site.account}:repository/aeroflash/*`],
  }),
  allow('PutBundles', {
    actions: ['s3:PutObject', 's3:GetObject'],
    on: [`arn:aws:s3:::${bucketName(site, 'bundles')}/releases/*`],
  }),
  allow('Encrypt', {
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    on: [`arn:aws:kms:${site.region}:${site.account}:key/*`],
    when: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': `alias/${site.name}-data` } },
  }),
]

const plan = (site: Site, key: Key) => [
  allow('ReadAndLockTheState', {
    actions: ['s3:GetObject', 's3:ListBucket'],
    on: [
      `arn:aws:s3:::${bucketName(site, 'state')}`,
      `arn:aws:s3:::${bucketName(site, 'state')}/*`,
    ],
  }),
  allow('LockTheState', {
    actions: ['s3:PutObject', 's3:DeleteObject'],
    on: [`arn:aws:s3:::${bucketName(site, 'state')}/*.tflock`],
  }),
  allow('ReadTheState', { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: [key.arn] }),
]

/**
 * Two roles for Jenkins. One releases: it pushes what was built and may run our one document on our
 * hosts. One plans: it reads. Neither can change what AWS is asked for: a person applies.
 */
export const letJenkinsIn = (site: Site, key: Key) => {
  const { away, jenkins } = site.environment
  const regions = [site.region, ...(away ? [away.region] : [])]
  makeRole(site, 'jenkins-releases', {
    description: 'Jenkins: pushes images, and runs our document on our hosts',
    trusts: { AWS: jenkins },
    may: [...regions.flatMap((region) => release(site, region)), look(), ...deliver(site)],
  })
  makeRole(site, 'jenkins-plans', {
    description: 'Jenkins: plans, so that a person sees what would change',
    trusts: { AWS: jenkins },
    may: plan(site, key),
    managed: ['ReadOnlyAccess'],
  })
}
