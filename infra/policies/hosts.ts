import { blocks, first, has, isOn, type Rule } from './rule.ts'

const SECRET =
  /(AKIA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY|(password|secret|token)['"]?\s*[:=]\s*['"]?[A-Za-z0-9+/]{16,})/i

const plain = (userData: unknown) =>
  Buffer.from(typeof userData === 'string' ? userData : '', 'base64').toString()
const encoded = (text: string) => Buffer.from(text).toString('base64')

const disk = (ebs: object) => ({ block_device_mappings: [{ ebs }] })

export const hostRules: Rule[] = [
  {
    id: 'AF-EC2-01',
    checkov: ['CKV_AWS_79'],
    fsbp: ['EC2.8', 'EC2.170', 'AutoScaling.3'],
    says: 'metadata is given to who asks for a token first (IMDSv2)',
    on: ['aws_launch_template', 'aws_instance'],
    holds: ({ metadata_options }) => first(metadata_options).http_tokens === 'required',
    good: { metadata_options: { http_tokens: 'required' } },
    bad: { metadata_options: { http_tokens: 'optional' } },
  },
  {
    id: 'AF-EC2-02',
    checkov: ['CKV_AWS_341'],
    fsbp: ['AutoScaling.4'],
    says: 'a token travels one hop: no container can get one',
    on: ['aws_launch_template', 'aws_instance'],
    holds: ({ metadata_options }) => first(metadata_options).http_put_response_hop_limit === 1,
    good: { metadata_options: { http_put_response_hop_limit: 1 } },
    bad: { metadata_options: { http_put_response_hop_limit: 2 } },
  },
  {
    id: 'AF-EC2-03',
    checkov: ['CKV_AWS_8', 'CKV_AWS_3'],
    fsbp: ['EC2.3'],
    says: 'disks are encrypted with a key of our own',
    on: ['aws_launch_template'],
    holds: ({ block_device_mappings }) => {
      const disks = blocks(block_device_mappings).map(({ ebs }) => first(ebs))
      return (
        disks.length > 0 && disks.every((ebs) => isOn(ebs.encrypted) && Boolean(ebs.kms_key_id))
      )
    },
    good: disk({ encrypted: 'true', kms_key_id: 'ours' }),
    bad: disk({ encrypted: 'true' }),
  },
  {
    id: 'AF-EC2-04',
    checkov: ['CKV_AWS_126'],
    fsbp: [],
    says: 'hosts are measured every minute',
    on: ['aws_launch_template'],
    holds: ({ monitoring }) => isOn(first(monitoring).enabled),
    good: { monitoring: { enabled: true } },
    bad: {},
  },
  {
    id: 'AF-EC2-05',
    checkov: ['CKV_AWS_135'],
    fsbp: [],
    says: 'the way to the disk is not shared with other traffic',
    on: ['aws_launch_template', 'aws_instance'],
    holds: ({ ebs_optimized }) => isOn(ebs_optimized),
    good: { ebs_optimized: 'true' },
    bad: {},
  },
  {
    id: 'AF-EC2-06',
    checkov: ['CKV_AWS_88'],
    fsbp: ['EC2.9', 'EC2.25'],
    says: 'no host is given a public address at random',
    on: ['aws_launch_template', 'aws_instance'],
    holds: ({ associate_public_ip_address, network_interfaces }) =>
      !isOn(associate_public_ip_address) &&
      !blocks(network_interfaces).some((one) => isOn(one.associate_public_ip_address)),
    good: { network_interfaces: [{ network_interface_id: 'ours' }] },
    bad: { network_interfaces: [{ associate_public_ip_address: 'true' }] },
  },
  {
    id: 'AF-EC2-07',
    checkov: ['CKV2_AWS_41'],
    fsbp: [],
    says: 'a host is somebody: it has a role',
    on: ['aws_launch_template', 'aws_instance'],
    holds: ({ iam_instance_profile }) => Boolean(iam_instance_profile),
    good: { iam_instance_profile: { name: 'host' } },
    bad: {},
  },
  {
    id: 'AF-EC2-08',
    checkov: ['CKV_AWS_46'],
    fsbp: [],
    says: 'user data holds no secret',
    on: ['aws_launch_template', 'aws_instance'],
    holds: ({ user_data }) => !SECRET.test(plain(user_data)),
    good: { user_data: encoded('#cloud-config\nruncmd: [[aeroflash-secrets]]') },
    bad: { user_data: encoded('export DB_PASSWORD=0123456789abcdef0123') },
  },
  {
    id: 'AF-EC2-09',
    checkov: [],
    fsbp: [],
    says: 'user data is for cloud-init and within the 16 kB that EC2 takes',
    on: ['aws_launch_template'],
    holds: ({ user_data }) =>
      plain(user_data).startsWith('#cloud-config\n') && plain(user_data).length <= 16_384,
    good: { user_data: encoded('#cloud-config\n') },
    bad: { user_data: encoded(`#cloud-config\n${'#'.repeat(16_384)}`) },
  },
  {
    id: 'AF-EC2-10',
    checkov: ['CKV_AWS_106'],
    fsbp: ['EC2.7'],
    says: 'every disk of the account is encrypted, whoever makes it',
    on: ['aws_ebs_encryption_by_default'],
    holds: ({ enabled }) => enabled !== false,
    good: { enabled: true },
    bad: { enabled: false },
  },
  {
    id: 'AF-EC2-11',
    checkov: ['CKV_AWS_3', 'CKV_AWS_189'],
    fsbp: ['EC2.3'],
    says: 'volumes are encrypted with a key of our own',
    on: ['aws_ebs_volume'],
    holds: ({ encrypted, kms_key_id }) => isOn(encrypted) && Boolean(kms_key_id),
    good: { encrypted: true, kms_key_id: 'ours' },
    bad: { encrypted: true },
  },
  {
    id: 'AF-ASG-01',
    checkov: ['CKV2_AWS_15'],
    fsbp: ['AutoScaling.1'],
    says: 'behind a balancer, a host is well when the balancer says so',
    on: ['aws_autoscaling_group'],
    holds: ({ target_group_arns, health_check_type }) =>
      blocks(target_group_arns).length === 0 || health_check_type === 'ELB',
    good: { target_group_arns: ['ready'], health_check_type: 'ELB' },
    bad: { target_group_arns: ['ready'], health_check_type: 'EC2' },
  },
  {
    id: 'AF-ASG-02',
    checkov: ['CKV_AWS_153'],
    fsbp: ['AutoScaling.10'],
    says: 'a group hands its tags to its hosts: who may run what depends on them',
    on: ['aws_autoscaling_group'],
    holds: ({ tag }) =>
      blocks(tag).length > 0 && blocks(tag).every((one) => isOn(one.propagate_at_launch)),
    good: { tag: [{ key: 'Environment', value: 'dev', propagate_at_launch: true }] },
    bad: { tag: [{ key: 'Environment', value: 'dev', propagate_at_launch: false }] },
  },
  {
    id: 'AF-ASG-03',
    checkov: ['CKV_AWS_315'],
    fsbp: ['AutoScaling.9'],
    says: 'a group starts hosts from a launch template',
    on: ['aws_autoscaling_group'],
    holds: ({ launch_template }) => Boolean(first(launch_template).id),
    good: { launch_template: { id: 'template' } },
    bad: { launch_configuration: 'old' },
  },
  {
    id: 'AF-EIP-01',
    checkov: ['CKV2_AWS_19'],
    fsbp: ['EC2.12'],
    says: 'an address that is paid for belongs to something',
    on: ['aws_eip'],
    holds: ({ network_interface, instance }, self) =>
      Boolean(network_interface ?? instance) || has('aws_nat_gateway', self),
    good: { network_interface: 'ours' },
    bad: { domain: 'vpc' },
  },
]
