import { blocks, has, isOn, type Rule, statements } from './rule.ts'

const OURS = { bucket: '${aws_s3_bucket.it.id}' }

const CLOSED = {
  block_public_acls: true,
  block_public_policy: true,
  ignore_public_acls: true,
  restrict_public_buckets: true,
}

const tlsOnly = (condition: object) => ({
  aws_s3_bucket_policy: {
    it: {
      ...OURS,
      policy: JSON.stringify({
        Statement: [
          { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: condition },
        ],
      }),
    },
  },
})

const encryptedBy = (sse_algorithm: string) => ({
  aws_s3_bucket_server_side_encryption_configuration: {
    it: {
      rule: [
        { apply_server_side_encryption_by_default: { sse_algorithm, kms_master_key_id: 'ours' } },
      ],
    },
  },
})

export const bucketRules: Rule[] = [
  {
    id: 'AF-S3-01',
    checkov: ['CKV2_AWS_6', 'CKV_AWS_53', 'CKV_AWS_54', 'CKV_AWS_55', 'CKV_AWS_56'],
    fsbp: ['S3.2', 'S3.3', 'S3.8'],
    says: 'no bucket can be made public',
    on: ['aws_s3_bucket'],
    holds: (_, self) =>
      has('aws_s3_bucket_public_access_block', self, (one) =>
        Object.keys(CLOSED).every((key) => isOn(one[key])),
      ),
    good: {},
    bad: {},
    others: {
      good: { aws_s3_bucket_public_access_block: { it: { ...OURS, ...CLOSED } } },
      bad: {
        aws_s3_bucket_public_access_block: { it: { ...OURS, ...CLOSED, block_public_acls: false } },
      },
    },
  },
  {
    id: 'AF-S3-02',
    checkov: ['CKV_AWS_21'],
    fsbp: ['S3.14'],
    says: 'what is overwritten or deleted can be had back',
    on: ['aws_s3_bucket'],
    holds: (_, self) =>
      has('aws_s3_bucket_versioning', self, (one) => JSON.stringify(one).includes('"Enabled"')),
    good: {},
    bad: {},
    others: {
      good: {
        aws_s3_bucket_versioning: {
          it: { ...OURS, versioning_configuration: { status: 'Enabled' } },
        },
      },
      bad: {
        aws_s3_bucket_versioning: {
          it: { ...OURS, versioning_configuration: { status: 'Suspended' } },
        },
      },
    },
  },
  {
    id: 'AF-S3-03',
    checkov: ['CKV_AWS_379'],
    fsbp: ['S3.5'],
    says: 'buckets are spoken to by TLS alone',
    on: ['aws_s3_bucket'],
    holds: (_, self) =>
      has('aws_s3_bucket_policy', self, ({ policy }) =>
        statements(policy).some(
          ({ Effect, Condition }) =>
            Effect === 'Deny' && Condition?.Bool?.['aws:SecureTransport'] === 'false',
        ),
      ),
    good: {},
    bad: {},
    others: {
      good: tlsOnly({ Bool: { 'aws:SecureTransport': 'false' } }),
      bad: tlsOnly({ Bool: { 'aws:SecureTransport': 'true' } }),
    },
  },
  {
    id: 'AF-S3-04',
    checkov: ['CKV_AWS_145'],
    fsbp: ['S3.17'],
    says: 'buckets are encrypted with a key of our own',
    on: ['aws_s3_bucket_server_side_encryption_configuration'],
    holds: ({ rule }) => JSON.stringify(rule ?? []).includes('"aws:kms"'),
    good: encryptedBy('aws:kms').aws_s3_bucket_server_side_encryption_configuration.it,
    bad: encryptedBy('AES256').aws_s3_bucket_server_side_encryption_configuration.it,
  },
  {
    id: 'AF-S3-05',
    checkov: ['CKV_AWS_18'],
    fsbp: ['S3.9'],
    says: 'who read or wrote is written down',
    on: ['aws_s3_bucket'],
    holds: (_, self) =>
      has('aws_s3_bucket_logging', self, ({ bucket }) => String(bucket).includes(`.${self.name}.`)),
    good: {},
    bad: {},
    others: {
      good: { aws_s3_bucket_logging: { it: { ...OURS, target_bucket: 'logs' } } },
      bad: { aws_s3_bucket_logging: { it: { bucket: 'other', target_bucket: OURS.bucket } } },
    },
  },
  {
    id: 'AF-S3-06',
    checkov: ['CKV2_AWS_61', 'CKV_AWS_300'],
    fsbp: ['S3.10', 'S3.13'],
    says: 'old versions and broken uploads go by themselves',
    on: ['aws_s3_bucket'],
    holds: (_, self) =>
      has('aws_s3_bucket_lifecycle_configuration', self, ({ rule }) =>
        blocks(rule).some(
          (one) => one.status === 'Enabled' && Boolean(one.abort_incomplete_multipart_upload),
        ),
      ),
    good: {},
    bad: {},
    others: {
      good: {
        aws_s3_bucket_lifecycle_configuration: {
          it: {
            ...OURS,
            rule: [
              {
                status: 'Enabled',
                abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
              },
            ],
          },
        },
      },
    },
  },
  {
    id: 'AF-S3-07',
    checkov: ['CKV2_AWS_65'],
    fsbp: ['S3.12'],
    says: 'the bucket’s owner owns what is in it',
    on: ['aws_s3_bucket'],
    holds: (_, self) =>
      has('aws_s3_bucket_ownership_controls', self, (one) =>
        JSON.stringify(one).includes('BucketOwnerEnforced'),
      ),
    good: {},
    bad: {},
    others: {
      good: {
        aws_s3_bucket_ownership_controls: {
          it: { ...OURS, rule: { object_ownership: 'BucketOwnerEnforced' } },
        },
      },
    },
  },
  {
    id: 'AF-S3-08',
    checkov: ['CKV_AWS_19'],
    fsbp: ['S3.4'],
    says: 'a bucket says how it is encrypted',
    on: ['aws_s3_bucket'],
    holds: (_, self) => has('aws_s3_bucket_server_side_encryption_configuration', self),
    good: {},
    bad: {},
    others: {
      good: { aws_s3_bucket_server_side_encryption_configuration: { it: OURS } },
      bad: { aws_s3_bucket_server_side_encryption_configuration: { it: { bucket: 'other' } } },
    },
  },
]
