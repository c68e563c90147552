import { S3BucketReplicationConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-replication-configuration/index.js'
import { type AccessLogs, makeBucket } from './bucket.ts'
import type { Key } from './key.ts'
import { makeRole } from './role.ts'
import { except, type Site } from './site.ts'
import { allow } from './statements.ts'

type Kept = ReturnType<typeof makeBucket>

/** What a host needs of the repository to release: `releases/<commit>.tar.gz`. */
export const keepBundles = (site: Site, id: string, key: Key, logs?: AccessLogs) => {
  const kept = makeBucket(site, id, { key, oldVersionDays: 90, ...(logs ? { logs } : {}) })
  if (!logs)
    except(
      kept.bucket,
      'AF-S3-05',
      'A copy: whoever writes to it is logged where it is copied from.',
    )
  return kept
}

/** Every bundle also in the region away: hosts there must start when this region is gone. */
export const copyBundles = (site: Site, from: Kept, to: Kept, keys: { from: Key; to: Key }) => {
  const role = makeRole(site, 'bundles-copier', {
    description: 'Copies bundles to the region away',
    trusts: { Service: 's3.amazonaws.com' },
    when: { StringEquals: { 'aws:SourceAccount': site.account } },
    may: [
      allow('SeeWhatIsNew', {
        actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
        on: [from.bucket.arn],
      }),
      allow('Read', {
        actions: ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl'],
        on: [`${from.bucket.arn}/*`],
      }),
      allow('Write', { actions: ['s3:ReplicateObject'], on: [`${to.bucket.arn}/*`] }),
      allow('Decrypt', { actions: ['kms:Decrypt'], on: [keys.from.arn] }),
      allow('Encrypt', { actions: ['kms:Encrypt', 'kms:GenerateDataKey'], on: [keys.to.arn] }),
    ],
  })
  new S3BucketReplicationConfigurationA(site.stack, 'bundles-copied', {
    bucket: from.bucket.id,
    role: role.arn,
    rule: [
      {
        id: 'away',
        status: 'Enabled',
        filter: { prefix: '' },
        deleteMarkerReplication: { status: 'Disabled' },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
        destination: {
          bucket: to.bucket.arn,
          encryptionConfiguration: { replicaKmsKeyId: keys.to.arn },
        },
      },
    ],
    dependsOn: [from.versioned, to.versioned],
  })
}
