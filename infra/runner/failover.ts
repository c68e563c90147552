import type { Environment } from '../settings.ts'
import type { Aws } from './aws.ts'

export type Step = {
  says: string
  region: string
  words: string[]
  goesOn?: (why: string) => boolean
}

type Regions = { name: string; home: string; away: string; environment: Environment }

const regionsOf = (environment: Environment): Regions => {
  if (!environment.away) throw new Error(`${environment.name} has no region to go to.`)
  return {
    name: `aeroflash-${environment.name}`,
    home: environment.region,
    away: environment.away.region,
    environment,
  }
}

const scale = (region: string, name: string, least: number, most: number): Step => ({
  says: `${region}: ${most === 0 ? 'no host serves, so nobody writes there' : `${least} to ${most} hosts serve`}`,
  region,
  words: [
    'autoscaling',
    'update-auto-scaling-group',
    '--auto-scaling-group-name',
    `${name}-hosts`,
    '--min-size',
    String(least),
    '--max-size',
    String(most),
    '--desired-capacity',
    String(least),
  ],
})

const promote = (region: string, identifier: string): Step[] => [
  {
    says: `${region}: ${identifier} becomes a database of its own`,
    region,
    words: ['rds', 'promote-read-replica', '--db-instance-identifier', identifier],
    // Said again after a failure half way: it was promoted already.
    goesOn: (why) => /not a read replica|InvalidDBInstanceState/i.test(why),
  },
  waitFor(region, identifier),
]

const waitFor = (region: string, identifier: string): Step => ({
  says: `${region}: until ${identifier} is available`,
  region,
  words: ['rds', 'wait', 'db-instance-available', '--db-instance-identifier', identifier],
})

/**
 * To the region away. First nobody writes at home, then the copy is promoted: the other way round, both
 * would take bookings. Route 53 follows by itself, because home is not ready and away is.
 */
export const failover = (environment: Environment, homeIsGone: boolean): Step[] => {
  const { name, home, away } = regionsOf(environment)
  const fence = scale(home, name, 0, 0)
  return [
    homeIsGone ? { ...fence, goesOn: () => true } : fence,
    ...promote(away, `${name}-away`),
    scale(away, name, environment.hosts.least, environment.away?.hosts.most ?? 0),
  ]
}

/** Home follows away again, from nothing: what it had stopped at the failover is kept under another name. */
export const prepareReturn = (environment: Environment, account: string, when: string): Step[] => {
  const { name, home, away } = regionsOf(environment)
  const retired = `${name}-retired-${when}`
  return [
    {
      says: `${home}: the old database steps aside as ${retired}`,
      region: home,
      words: [
        'rds',
        'modify-db-instance',
        '--db-instance-identifier',
        name,
        '--new-db-instance-identifier',
        retired,
        '--apply-immediately',
      ],
    },
    waitFor(home, retired),
    {
      says: `${home}: ${name} begins anew, as a copy of what serves in ${away}`,
      region: home,
      words: [
        'rds',
        'create-db-instance-read-replica',
        '--db-instance-identifier',
        name,
        '--source-db-instance-identifier',
        `arn:aws:rds:${away}:${account}:db:${name}-away`,
        '--source-region',
        away,
        '--db-subnet-group-name',
        name,
        '--db-instance-class',
        environment.database.machine,
        '--multi-az',
        '--kms-key-id',
        `alias/${name}-data`,
        '--no-publicly-accessible',
        '--deletion-protection',
      ],
    },
    waitFor(home, name),
  ]
}

/** The short part, in which nobody can book: when the copy at home is no longer behind. */
export const finishReturn = (environment: Environment): Step[] => {
  const { name, home, away } = regionsOf(environment)
  return [
    scale(away, name, 0, 0),
    ...promote(home, name),
    scale(home, name, environment.hosts.least, environment.hosts.most),
  ]
}

type Walk = { aws: Aws; say: (line: string) => void; isDry: boolean }

/** One after the other; it stops at the first that fails, and may be said again as a whole. */
export const walk = async (steps: Step[], { aws, say, isDry }: Walk) => {
  for (const { says, region, words, goesOn } of steps) {
    say(isDry ? `would do: ${says}\n    aws ${words.join(' ')} --region ${region}` : says)
    if (isDry) continue
    try {
      await aws(region, ...words)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (!goesOn?.(why)) throw error
      say(`  ${region} did not: ${why.trim().split('\n').at(-1)}; going on`)
    }
  }
}
