import { blocks, type Config, first, type Stack } from '../policies/rule.ts'

const HOURS = 730

/** US dollars, on demand, Ireland. Of a month where nothing else is said. */
const HOUR: Record<string, number> = {
  't4g.medium': 0.0368,
  't4g.large': 0.0736,
  'c7g.large': 0.0776,
  'db.t4g.micro': 0.018,
  'db.t4g.small': 0.036,
  'db.t4g.medium': 0.073,
  'db.m7g.large': 0.188,
}
const GIB = { disk: 0.088, database: 0.127, backup: 0.05, logs: 0.57, out: 0.09 }
const EACH = {
  address: 0.005 * HOURS,
  nat: 0.048 * HOURS,
  endpoint: 0.011 * HOURS,
  balancer: 0.0252 * HOURS + 6,
  key: 1,
  secret: 0.4,
  alarm: 0.1,
  wall: 5,
  wallRule: 1,
  healthCheck: 4.75,
  measuredHost: 2.1,
  guard: 5,
}

const hourly = (machine: unknown) => {
  const price = HOUR[String(machine)]
  if (price === undefined)
    throw new Error(`What does ${String(machine)} cost? See infra/readme/cost.ts.`)
  return price * HOURS
}

type Line = 'hosts' | 'database' | 'network' | 'edge' | 'kept and watched'
type Price = (config: Config, stack: Stack) => number

const group: Price = ({ min_size, launch_template }, stack) => {
  const name = /aws_launch_template\.([\w-]+)\./.exec(JSON.stringify(launch_template))?.[1] ?? ''
  const template = stack.resource?.aws_launch_template?.[name] ?? {}
  const { volume_size } = first(first(template.block_device_mappings).ebs)
  const one = hourly(template.instance_type) + Number(volume_size) * GIB.disk + EACH.measuredHost
  return Number(min_size) * one
}

const database: Price = (
  { instance_class, multi_az, allocated_storage, replicate_source_db },
  stack,
) => {
  // A copy is as large as what it copies, here or in another stack.
  const source = Object.values(stack.resource?.aws_db_instance ?? {})[0]
  const gib = Number(
    allocated_storage ?? (replicate_source_db ? (source?.allocated_storage ?? 100) : 0),
  )
  return (hourly(instance_class) + gib * GIB.database) * (multi_az === true ? 2 : 1)
}

const PRICES: Record<string, [Line, Price]> = {
  aws_autoscaling_group: ['hosts', group],
  aws_ebs_volume: ['hosts', ({ size }) => Number(size) * (GIB.disk + GIB.backup)],
  aws_db_instance: ['database', database],
  aws_backup_vault: ['kept and watched', () => 5],
  aws_eip: ['network', () => EACH.address],
  aws_nat_gateway: ['network', () => EACH.nat],
  aws_vpc_endpoint: ['network', ({ subnet_ids }) => blocks(subnet_ids).length * EACH.endpoint],
  aws_lb: ['edge', () => EACH.balancer + 2 * EACH.address],
  aws_wafv2_web_acl: ['edge', ({ rule }) => EACH.wall + blocks(rule).length * EACH.wallRule],
  aws_route53_health_check: ['edge', () => EACH.healthCheck],
  aws_kms_key: ['kept and watched', () => EACH.key],
  aws_secretsmanager_secret: [
    'kept and watched',
    ({ replica }) => EACH.secret * (1 + blocks(replica).length),
  ],
  aws_cloudwatch_metric_alarm: ['kept and watched', () => EACH.alarm],
  aws_flow_log: ['kept and watched', () => 5 * GIB.logs],
  aws_guardduty_detector: ['kept and watched', () => EACH.guard],
}

export const LINES: Line[] = ['hosts', 'database', 'network', 'edge', 'kept and watched']

/** Dollars a month, by what they are for. */
export const estimate = (stacks: Stack[]) => {
  const sums = Object.fromEntries(LINES.map((line) => [line, 0])) as Record<Line, number>
  for (const stack of stacks)
    for (const [type, [line, price]] of Object.entries(PRICES))
      for (const config of Object.values(stack.resource?.[type] ?? {}))
        sums[line] += price(config, stack)
  return sums
}
