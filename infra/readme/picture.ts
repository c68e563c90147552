import type { Stack } from '../policies/rule.ts'

/** What a kind of resource is there for. The first that fits; a kind that fits none is an error. */
const PARTS: [part: string, kinds: RegExp][] = [
  ['firewall', /^wafv2_/],
  ['balancer', /^lb(_|$)/],
  ['names', /^(route53_|acm_)/],
  ['hosts', /^(autoscaling_|launch_template|network_interface|iam_instance_profile)/],
  ['release', /^ssm_document/],
  ['database', /^db_/],
  [
    'network',
    /^(vpc|subnet|route|route_table.*|internet_gateway|nat_gateway|eip|vpc_endpoint|flow_log)$/,
  ],
  ['doors', /^(default_security_group|security_group|vpc_security_group_.*)$/],
  ['keys and secrets', /^(kms_|secretsmanager_|ssm_parameter)/],
  ['images', /^ecr_/],
  ['buckets', /^s3_/],
  ['volume and backups', /^(ebs_volume|backup_)/],
  ['alarms', /^(sns_|cloudwatch_metric_alarm)/],
  ['logs', /^cloudwatch_log_group/],
  ['roles', /^iam_/],
  ['account', /^(budgets_|ebs_encryption|guardduty_)/],
]

/** Who speaks to whom, where both are there; the same in every topology. */
const ARROWS: [from: string, to: string, says: string][] = [
  ['passengers', 'service/names', 'where is it?'],
  ['passengers', 'service/firewall', 'https'],
  ['service/firewall', 'service/balancer', ''],
  ['service/balancer', 'service/hosts', 'https, those that are ready'],
  ['service/names', 'dr/names', 'when /api/readyz fails'],
  ['dr/firewall', 'dr/balancer', ''],
  ['dr/balancer', 'dr/hosts', ''],
  ['Jenkins', 'service/release', 'one document, our hosts'],
  ['Jenkins', 'foundation/images', 'pushes'],
  ['Jenkins', 'foundation/buckets', 'bundles'],
  ['service/release', 'service/hosts', 'through Systems Manager'],
  ['service/hosts', 'foundation/database', 'TLS, port 5433'],
  ['service/hosts', 'foundation/keys and secrets', 'into memory'],
  ['service/hosts', 'foundation/images', 'by digest'],
  ['foundation/volume and backups', 'service/hosts', 'measures'],
  ['foundation/database', 'dr/database', 'replicates'],
  ['dr/hosts', 'dr/database', ''],
]

const partOf = (kind: string) => {
  const found = PARTS.find(([, kinds]) => kinds.test(kind))
  if (!found)
    throw new Error(`The picture has no place for aws_${kind}: see infra/readme/picture.ts.`)
  return found[0]
}

const idOf = (place: string) => place.replaceAll(/\W+/g, '-')

const boxesOf = (stack: Stack) => {
  const boxes: Record<string, string[]> = {}
  for (const type of Object.keys(stack.resource ?? {}).toSorted())
    (boxes[partOf(type.replace('aws_', ''))] ??= []).push(type)
  return boxes
}

const drawStack = ([name, stack]: [string, Stack]) => [
  `  subgraph ${name}`,
  ...Object.entries(boxesOf(stack)).map(
    ([part, kinds]) =>
      `    ${idOf(`${name}/${part}`)}["<b>${part}</b><br/>${kinds.join('<br/>')}"]`,
  ),
  '  end',
]

/** A topology as Mermaid: each stack, what is in it by what it is there for, and who speaks to whom. */
export const draw = (stacks: Record<string, Stack>) => {
  const places = new Set(['passengers', 'Jenkins'])
  for (const [name, stack] of Object.entries(stacks))
    for (const part of Object.keys(boxesOf(stack))) places.add(`${name}/${part}`)
  // Without a balancer, people come to the host itself.
  const arrows: typeof ARROWS = places.has('service/firewall')
    ? ARROWS
    : [...ARROWS, ['passengers', 'service/hosts', 'https, to the Nginx of the host']]
  return [
    'flowchart LR',
    '  passengers((passengers))',
    '  Jenkins((Jenkins))',
    ...Object.entries(stacks).flatMap(drawStack),
    ...arrows
      .filter(([from, to]) => places.has(from) && places.has(to))
      .map(([from, to, says]) => `  ${idOf(from)} -->${says ? `|${says}|` : ''} ${idOf(to)}`),
  ].join('\n')
}
