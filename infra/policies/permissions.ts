import { allowed, type Granted, type Rule, statements } from './rule.ts'

const POLICY = ['aws_iam_role_policy', 'aws_iam_policy']

/** AWS offers no narrower resource for these, by its Service Authorization Reference. */
const CANNOT_BE_NARROWED = [
  /^ssm:(UpdateInstanceInformation|ListInstanceAssociations|UpdateInstanceAssociationStatus|PutInventory)$/,
  /^ssm:(GetCommandInvocation|ListCommandInvocations|DescribeInstanceInformation)$/,
  /^ssmmessages:(Create|Open)(Control|Data)Channel$/,
  /^ec2messages:/,
  /^ecr:GetAuthorizationToken$/,
  /^cloudwatch:(GetMetricData|ListMetrics|PutMetricData)$/,
  /^tag:GetResources$/,
  /^ec2:Describe\w+$/,
  /^elasticloadbalancing:Describe\w+$/,
]

/** By any of these one can become somebody else, or more. */
const ESCALATES = /^(iam|organizations):|^sts:AssumeRole|^lambda:(Create|Update)|^ec2:RunInstances/

/** Whole services, or whole verbs of them, say more than anybody means. */
const TOO_MUCH = /^\*$|:\*$|:(Put|Get|Create|Delete|Update)\*$/

const MANAGED = [
  'AmazonRDSEnhancedMonitoringRole',
  'AWSBackupServiceRolePolicyForBackup',
  'AWSBackupServiceRolePolicyForRestores',
  'ReadOnlyAccess',
]

const grants = (statement: object) => ({
  policy: JSON.stringify({ Statement: [{ Effect: 'Allow', ...statement }] }),
})

const trusts = (statement: object) => ({
  assume_role_policy: JSON.stringify({
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }],
  }),
})

const isNarrow = ({ Action, Resource }: Granted) =>
  !Resource.includes('*') ||
  Action.every((action) => CANNOT_BE_NARROWED.some((known) => known.test(action)))

const DOCUMENT = 'arn:aws:ssm:eu-west-1:1:document/AeroFlash-Deploy'
const HOSTS = 'arn:aws:ec2:eu-west-1:1:instance/*'

/** Our one document, or hosts by our tag: the two halves that AWS asks for. */
const runsOursOnly = ({ Action, Resource, Condition }: Granted) =>
  !Action.includes('ssm:SendCommand') ||
  Resource.every((arn) => arn.endsWith(':document/AeroFlash-Deploy')) ||
  (Resource.every((arn) => arn.endsWith(':instance/*')) &&
    Boolean(Condition?.StringEquals?.['ssm:resourceTag/Environment']))

export const permissionRules: Rule[] = [
  {
    id: 'AF-IAM-01',
    checkov: ['CKV_AWS_62', 'CKV_AWS_63', 'CKV_AWS_286', 'CKV_AWS_289'],
    fsbp: ['IAM.1', 'IAM.21'],
    says: 'nobody may do everything, nor everything of a service',
    on: POLICY,
    holds: ({ policy }) =>
      allowed(policy).every(({ Action }) => !Action.some((action) => TOO_MUCH.test(action))),
    good: grants({ Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::ours/*' }),
    bad: grants({ Action: ['s3:*'], Resource: 'arn:aws:s3:::ours/*' }),
  },
  {
    id: 'AF-IAM-02',
    checkov: ['CKV_AWS_287', 'CKV_AWS_288', 'CKV_AWS_290', 'CKV_AWS_355'],
    fsbp: [],
    says: 'what can be granted on some resources is not granted on all',
    on: POLICY,
    holds: ({ policy }) => allowed(policy).every(isNarrow),
    good: grants({ Action: ['ecr:GetAuthorizationToken'], Resource: '*' }),
    bad: grants({ Action: ['secretsmanager:GetSecretValue'], Resource: '*' }),
  },
  {
    id: 'AF-IAM-03',
    checkov: ['CKV_AWS_286', 'CKV_AWS_289'],
    fsbp: [],
    says: 'nobody can become somebody else',
    on: POLICY,
    holds: ({ policy }) =>
      allowed(policy).every(({ Action }) => !Action.some((action) => ESCALATES.test(action))),
    good: grants({ Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::ours/*' }),
    bad: grants({ Action: ['iam:PassRole'], Resource: 'arn:aws:iam::1:role/host' }),
  },
  {
    id: 'AF-IAM-04',
    checkov: ['CKV_AWS_60', 'CKV_AWS_61'],
    fsbp: [],
    says: 'a role says whom it trusts',
    on: ['aws_iam_role'],
    holds: ({ assume_role_policy }) =>
      statements(assume_role_policy).every(
        ({ Principal }) => Principal !== '*' && (Principal as { AWS?: string })?.AWS !== '*',
      ),
    good: trusts({ Principal: { Service: 'ec2.amazonaws.com' } }),
    bad: trusts({ Principal: { AWS: '*' } }),
  },
  {
    id: 'AF-IAM-05',
    checkov: ['CKV_AWS_274'],
    fsbp: ['IAM.1'],
    says: 'of the policies that AWS wrote, only those that we have read',
    on: ['aws_iam_role_policy_attachment'],
    holds: ({ policy_arn }) => MANAGED.includes(String(policy_arn).split('/').at(-1) ?? ''),
    good: { policy_arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    bad: { policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  },
  {
    id: 'AF-IAM-06',
    checkov: [],
    fsbp: [],
    says: 'whoever may run commands may run our document, on hosts with our tag',
    on: POLICY,
    holds: ({ policy }) => allowed(policy).every(runsOursOnly),
    good: grants({ Action: ['ssm:SendCommand'], Resource: DOCUMENT }),
    bad: grants({ Action: ['ssm:SendCommand'], Resource: [DOCUMENT, HOSTS] }),
  },
  {
    id: 'AF-IAM-07',
    checkov: [],
    fsbp: [],
    says: 'nobody opens a shell by a role of ours',
    on: POLICY,
    holds: ({ policy }) =>
      allowed(policy).every(
        ({ Action }) => !Action.some((action) => /^ssm:(StartSession|ResumeSession)$/.test(action)),
      ),
    good: grants({
      Action: ['ssm:GetParameter'],
      Resource: 'arn:aws:ssm:eu-west-1:1:parameter/ours',
    }),
    bad: grants({ Action: ['ssm:StartSession'], Resource: HOSTS }),
  },
  {
    id: 'AF-IAM-08',
    checkov: [],
    fsbp: [],
    says: 'what is granted is written out, so that these rules can read it',
    on: POLICY,
    holds: ({ policy }) => statements(policy).length > 0,
    good: grants({ Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::ours/*' }),
    bad: { policy: '${data.aws_iam_policy_document.elsewhere.json}' },
  },
  {
    id: 'AF-SSM-01',
    checkov: [],
    fsbp: ['SSM.4'],
    says: 'a document takes values of a known shape, and no commands',
    on: ['aws_ssm_document'],
    holds: ({ content }) => {
      const { parameters = {} } = JSON.parse(String(content)) as {
        parameters?: Record<string, { allowedPattern?: string; type: string }>
      }
      return Object.values(parameters).every(
        ({ allowedPattern, type }) => type === 'String' && /^\^[^.]*\$$/.test(allowedPattern ?? ''),
      )
    },
    good: {
      content: JSON.stringify({
        parameters: { Release: { type: 'String', allowedPattern: '^[0-9a-f]{40}$' } },
      }),
    },
    bad: { content: JSON.stringify({ parameters: { commands: { type: 'StringList' } } }) },
  },
]
