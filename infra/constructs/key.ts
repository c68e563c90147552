import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js'
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js'
import type { Site } from './site.ts'
import { allow, policy, type Statement } from './statements.ts'

const USE = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*']

const owner = (site: Site) =>
  allow('TheAccountDecides', {
    to: { AWS: `arn:aws:iam::${site.account}:root` },
    actions: ['kms:*'],
    on: '*',
  })

/** Logs are encrypted by the service, which may use the key for our groups only. */
export const logsMayUse = (site: Site) =>
  allow('LogsOfThisAccount', {
    to: { Service: `logs.${site.region}.amazonaws.com` },
    actions: [...USE, 'kms:Describe*'],
    on: '*',
    when: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${site.region}:${site.account}:log-group:*`,
      },
    },
  })

export const servicesMayUse = (site: Site, ...services: string[]) =>
  allow('ServicesOfThisAccount', {
    to: { Service: services },
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    on: '*',
    when: { StringEquals: { 'aws:SourceAccount': site.account } },
  })

/** Auto Scaling starts hosts whose disks are encrypted with the key. */
export const scalingMayUse = (role: string) => [
  allow('HostsStart', { to: { AWS: role }, actions: [...USE, 'kms:DescribeKey'], on: '*' }),
  allow('HostsKeepTheirDisks', {
    to: { AWS: role },
    actions: ['kms:CreateGrant'],
    on: '*',
    when: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  }),
]

/** A key of our own, changed every year. Deleting it takes a month, in which one can think again. */
export const makeKey = (site: Site, id: string, purpose: string, ...users: Statement[]) => {
  const key = new KmsKey(site.stack, `key-${id}`, {
    ...site.at,
    description: `${site.name}: ${purpose}`,
    enableKeyRotation: true,
    deletionWindowInDays: 30,
    policy: policy(owner(site), ...users),
  })
  const alias = new KmsAlias(site.stack, `key-${id}-alias`, {
    ...site.at,
    name: `alias/${site.name}-${id}`,
    targetKeyId: key.keyId,
  })
  return { arn: key.arn, id: key.keyId, alias }
}

export type Key = ReturnType<typeof makeKey>
