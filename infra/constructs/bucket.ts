import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js'
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js'
import { S3BucketLoggingA } from '@cdktf/provider-aws/lib/s3-bucket-logging/index.js'
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js'
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js'
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js'
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js'
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js'
import type { Key } from './key.ts'
import { except, type Site } from './site.ts'
import { deny, policy, type Statement } from './statements.ts'

export type AccessLogs = { bucket: string; policy: S3BucketPolicy }

type Bucket = {
  /** None: S3's own key, where the service that writes knows no other. */
  key?: Key
  logs?: AccessLogs
  /** How long what was overwritten or deleted can be had back. */
  oldVersionDays: number
  expireDays?: number
  writers?: (arn: string) => Statement[]
}

export const bucketName = (site: Site, what: string) =>
  `${site.environment.owner}-${site.name}-${what}`

const closeToTheWorld = (site: Site, what: string, bucket: S3Bucket, writers: Statement[]) => {
  const closed = new S3BucketPublicAccessBlock(site.stack, `${what}-closed`, {
    ...site.at,
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  })
  new S3BucketOwnershipControls(site.stack, `${what}-owner`, {
    ...site.at,
    bucket: bucket.id,
    rule: { objectOwnership: 'BucketOwnerEnforced' },
  })
  return new S3BucketPolicy(site.stack, `${what}-policy`, {
    ...site.at,
    bucket: bucket.id,
    policy: policy(
      deny('OnlyByTls', {
        to: { AWS: '*' },
        actions: ['s3:*'],
        on: [bucket.arn, `${bucket.arn}/*`],
        when: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      ...writers,
    ),
    dependsOn: [closed],
  })
}

const encrypt = (site: Site, what: string, bucket: S3Bucket, key: Key | undefined) =>
  new S3BucketServerSideEncryptionConfigurationA(site.stack, `${what}-encrypted`, {
    ...site.at,
    bucket: bucket.id,
    rule: [
      {
        applyServerSideEncryptionByDefault: key
          ? { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn }
          : { sseAlgorithm: 'AES256' },
        bucketKeyEnabled: key !== undefined,
      },
    ],
  })

const keepVersions = (site: Site, what: string, bucket: S3Bucket, it: Bucket) => {
  const versioned = new S3BucketVersioningA(site.stack, `${what}-versions`, {
    ...site.at,
    bucket: bucket.id,
    versioningConfiguration: { status: 'Enabled' },
  })
  new S3BucketLifecycleConfiguration(site.stack, `${what}-lifecycle`, {
    ...site.at,
    bucket: bucket.id,
    rule: [
      {
        id: 'tidy',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        noncurrentVersionExpiration: [{ noncurrentDays: it.oldVersionDays }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        ...(it.expireDays ? { expiration: [{ days: it.expireDays }] } : {}),
      },
    ],
    dependsOn: [versioned],
  })
  return versioned
}

/** A bucket that is closed, encrypted, versioned and spoken to by TLS alone. */
export const makeBucket = (site: Site, what: string, it: Bucket) => {
  const bucket = new S3Bucket(site.stack, what, {
    ...site.at,
    bucket: bucketName(site, what),
    forceDestroy: !site.environment.protected,
    lifecycle: { preventDestroy: site.environment.protected },
  })
  const policy = closeToTheWorld(site, what, bucket, it.writers?.(bucket.arn) ?? [])
  const encrypted = encrypt(site, what, bucket, it.key)
  const versioned = keepVersions(site, what, bucket, it)
  if (it.logs)
    new S3BucketLoggingA(site.stack, `${what}-logging`, {
      ...site.at,
      bucket: bucket.id,
      targetBucket: it.logs.bucket,
      targetPrefix: `s3/${what}/`,
      dependsOn: [it.logs.policy],
    })
  return { bucket, policy, encrypted, versioned }
}

/** Where others write what happened. It needs exceptions that hold for no other bucket. */
export const keepAccessLogs = (site: Site, what: string, writers: (arn: string) => Statement[]) => {
  const kept = makeBucket(site, what, { oldVersionDays: 30, expireDays: 365, writers })
  except(
    kept.encrypted,
    'AF-S3-04',
    'S3 and load balancers deliver access logs only to buckets under S3’s own key (SSE-S3).',
  )
  except(kept.bucket, 'AF-S3-05', 'It holds the access logs: logging itself would never end.')
  return { bucket: kept.bucket.bucket, policy: kept.policy }
}
