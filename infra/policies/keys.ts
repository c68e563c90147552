import { isOn, type Rule, statements } from './rule.ts'

const opensTo = (Principal: unknown) => ({
  policy: JSON.stringify({
    Statement: [{ Effect: 'Allow', Action: ['kms:*'], Resource: '*', Principal }],
  }),
})

export const keyRules: Rule[] = [
  {
    id: 'AF-KMS-01',
    checkov: ['CKV_AWS_7'],
    fsbp: ['KMS.4'],
    says: 'keys are changed every year',
    on: ['aws_kms_key'],
    holds: ({ enable_key_rotation }) => isOn(enable_key_rotation),
    good: { enable_key_rotation: true },
    bad: {},
  },
  {
    id: 'AF-KMS-02',
    checkov: ['CKV2_AWS_64'],
    fsbp: [],
    says: 'a key says who may use it',
    on: ['aws_kms_key'],
    holds: ({ policy }) => statements(policy).length > 0,
    good: opensTo({ AWS: 'arn:aws:iam::1:root' }),
    bad: {},
  },
  {
    id: 'AF-KMS-03',
    checkov: ['CKV_AWS_33'],
    fsbp: ['KMS.5'],
    says: 'no key is for everybody',
    on: ['aws_kms_key'],
    holds: ({ policy }) =>
      statements(policy).every(
        ({ Principal }) => Principal !== '*' && (Principal as { AWS?: string })?.AWS !== '*',
      ),
    good: opensTo({ AWS: 'arn:aws:iam::1:root' }),
    bad: opensTo('*'),
  },
  {
    id: 'AF-KMS-04',
    checkov: [],
    fsbp: ['KMS.3'],
    says: 'there is a month to think again before a key is gone',
    on: ['aws_kms_key'],
    holds: ({ deletion_window_in_days }) => Number(deletion_window_in_days) >= 30,
    good: { deletion_window_in_days: 30 },
    bad: { deletion_window_in_days: 7 },
  },
  {
    id: 'AF-SEC-01',
    checkov: ['CKV_AWS_149'],
    fsbp: [],
    says: 'secrets are under a key of our own',
    on: ['aws_secretsmanager_secret'],
    holds: ({ kms_key_id }) => Boolean(kms_key_id),
    good: { kms_key_id: 'ours' },
    bad: {},
  },
  {
    id: 'AF-SEC-02',
    checkov: ['CKV2_AWS_57', 'CKV_AWS_304'],
    fsbp: ['SecretsManager.1', 'SecretsManager.4'],
    says: 'secrets change by themselves, every 90 days or sooner',
    on: ['aws_secretsmanager_secret'],
    holds: (_, { name, stack }) =>
      Object.values(stack.resource?.aws_secretsmanager_secret_rotation ?? {}).some(
        (one) =>
          JSON.stringify(one).includes(`aws_secretsmanager_secret.${name}.`) &&
          Number(
            (one.rotation_rules as { automatically_after_days?: number })?.automatically_after_days,
          ) <= 90,
      ),
    good: {},
    bad: {},
    others: {
      good: {
        aws_secretsmanager_secret_rotation: {
          it: {
            secret_id: '${aws_secretsmanager_secret.it.id}',
            rotation_rules: { automatically_after_days: 30 },
          },
        },
      },
    },
  },
  {
    id: 'AF-SEC-03',
    checkov: [],
    fsbp: [],
    says: 'a secret is written and never read: it is in no state',
    on: ['aws_secretsmanager_secret_version'],
    holds: ({ secret_string, secret_binary }) =>
      secret_string === undefined && secret_binary === undefined,
    good: { secret_string_wo: '${ephemeral.it}', secret_string_wo_version: 1 },
    bad: { secret_string: 'in the state' },
  },
  {
    id: 'AF-SSM-02',
    checkov: ['CKV_AWS_337', 'CKV2_AWS_34'],
    fsbp: [],
    says: 'parameters are encrypted with a key of our own',
    on: ['aws_ssm_parameter'],
    holds: ({ type, key_id }) => type === 'SecureString' && Boolean(key_id),
    good: { type: 'SecureString', key_id: 'ours' },
    bad: { type: 'String' },
  },
]
