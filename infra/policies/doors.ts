import { blocks, has, refersTo, type Config, type Rule, type Self } from './rule.ts'

const IN = 'aws_vpc_security_group_ingress_rule'
const OUT = 'aws_vpc_security_group_egress_rule'

const isWorld = ({ cidr_ipv4, cidr_ipv6 }: Config) =>
  cidr_ipv4 === '0.0.0.0/0' || cidr_ipv6 === '::/0'

const opens = ({ ip_protocol, from_port, to_port }: Config, port: number) =>
  String(ip_protocol) === '-1' || (Number(from_port) <= port && port <= Number(to_port))

const world = (port: number) => ({
  cidr_ipv4: '0.0.0.0/0',
  ip_protocol: 'tcp',
  from_port: port,
  to_port: port,
})

const isUsed = (self: Self) =>
  Object.entries(self.stack.resource ?? {})
    .filter(([type]) => type !== IN && type !== OUT)
    .flatMap(([, named]) => Object.values(named))
    .concat(Object.values(self.stack.output ?? {}))
    .some((config) => refersTo(config, self))

export const doorRules: Rule[] = [
  {
    id: 'AF-SG-01',
    checkov: ['CKV_AWS_23'],
    fsbp: [],
    says: 'every group and every rule says what it is for',
    on: ['aws_security_group', IN, OUT],
    holds: ({ description }) => typeof description === 'string' && description.length > 3,
    good: { description: 'Hosts of the product' },
    bad: {},
  },
  {
    id: 'AF-SG-02',
    checkov: ['CKV_AWS_24', 'CKV_AWS_25'],
    fsbp: ['EC2.13', 'EC2.14', 'EC2.53'],
    says: 'nobody gets in by SSH or remote desktop, from anywhere: see Session Manager',
    on: [IN],
    holds: (rule) => !opens(rule, 22) && !opens(rule, 3389),
    good: world(443),
    bad: { ...world(22), cidr_ipv4: '10.0.0.0/8' },
  },
  {
    id: 'AF-SG-03',
    checkov: ['CKV_AWS_260'],
    fsbp: [],
    says: 'port 80 is not open to the world',
    on: [IN],
    holds: (rule) => !isWorld(rule) || !opens(rule, 80),
    good: world(443),
    bad: world(80),
  },
  {
    id: 'AF-SG-04',
    checkov: ['CKV_AWS_277'],
    fsbp: ['EC2.18', 'EC2.19'],
    says: 'the world gets to the site and to nothing else',
    on: [IN],
    holds: (rule) =>
      !isWorld(rule) ||
      (String(rule.ip_protocol) === 'tcp' &&
        rule.from_port === rule.to_port &&
        [80, 443].includes(Number(rule.from_port))),
    good: world(443),
    bad: world(3000),
  },
  {
    id: 'AF-SG-05',
    checkov: ['CKV_AWS_382'],
    fsbp: [],
    says: 'nothing may go everywhere by every port',
    on: [OUT],
    holds: (rule) => String(rule.ip_protocol) !== '-1',
    good: world(443),
    bad: { cidr_ipv4: '0.0.0.0/0', ip_protocol: '-1' },
  },
  {
    id: 'AF-SG-06',
    checkov: ['CKV2_AWS_12'],
    fsbp: ['EC2.2'],
    says: 'a network’s default group lets nothing through',
    on: ['aws_vpc'],
    holds: (_, self) =>
      has('aws_default_security_group', self, ({ ingress, egress }) => !ingress && !egress),
    good: {},
    bad: {},
    others: {
      good: { aws_default_security_group: { it: { vpc_id: '${aws_vpc.it.id}' } } },
      bad: {
        aws_default_security_group: {
          it: { vpc_id: '${aws_vpc.it.id}', ingress: [{ self: true }] },
        },
      },
    },
  },
  {
    id: 'AF-SG-07',
    checkov: ['CKV2_AWS_5'],
    fsbp: ['EC2.22'],
    says: 'every group guards something, here or in the stack that stands on this one',
    on: ['aws_security_group'],
    holds: (_, self) => isUsed(self),
    good: {},
    bad: {},
    others: {
      good: { aws_lb: { it: { security_groups: ['${aws_security_group.it.id}'] } } },
      bad: { [IN]: { it: { security_group_id: '${aws_security_group.it.id}' } } },
    },
  },
  {
    id: 'AF-SG-08',
    checkov: [],
    fsbp: [],
    says: 'rules stand on their own: those inside a group and those beside it undo each other',
    on: ['aws_security_group'],
    holds: ({ ingress, egress }) => blocks(ingress).length + blocks(egress).length === 0,
    good: { description: 'Hosts of the product' },
    bad: { ingress: [{ from_port: 443 }] },
  },
  {
    id: 'AF-NET-01',
    checkov: ['CKV2_AWS_11'],
    fsbp: ['EC2.6'],
    says: 'all traffic of a network is logged',
    on: ['aws_vpc'],
    holds: (_, self) => has('aws_flow_log', self, ({ traffic_type }) => traffic_type === 'ALL'),
    good: {},
    bad: {},
    others: {
      good: { aws_flow_log: { it: { vpc_id: '${aws_vpc.it.id}', traffic_type: 'ALL' } } },
      bad: { aws_flow_log: { it: { vpc_id: '${aws_vpc.it.id}', traffic_type: 'REJECT' } } },
    },
  },
  {
    id: 'AF-NET-02',
    checkov: ['CKV_AWS_130'],
    fsbp: ['EC2.15'],
    says: 'no subnet hands out public addresses',
    on: ['aws_subnet'],
    holds: ({ map_public_ip_on_launch }) => map_public_ip_on_launch !== true,
    good: { map_public_ip_on_launch: false },
    bad: { map_public_ip_on_launch: true },
  },
]
