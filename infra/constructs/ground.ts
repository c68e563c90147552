import { openTopic } from './alarms.ts'
import { keepAccessLogs } from './bucket.ts'
import { shortenWays } from './endpoints.ts'
import { openDoors } from './ground-doors.ts'
import type { Key } from './key.ts'
import { layNetwork } from './network.ts'
import type { Site } from './site.ts'
import { allow } from './statements.ts'

type Layout = { cidr: string; zones: number }

const keepBalancerLogs = (site: Site) =>
  keepAccessLogs(site, `access-${site.region}`, (arn) => [
    allow('BalancerWritesHere', {
      to: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
      actions: ['s3:PutObject'],
      on: [`${arn}/*`],
      when: { StringEquals: { 'aws:SourceAccount': site.account } },
    }),
    allow('S3WritesHere', {
      to: { Service: 'logging.s3.amazonaws.com' },
      actions: ['s3:PutObject'],
      on: [`${arn}/*`],
      when: { StringEquals: { 'aws:SourceAccount': site.account } },
    }),
  ])

/** What every region begins with: a network, its doors, where alarms and access logs go. */
export const layGround = (site: Site, layout: Layout, key: Key) => {
  const goesOut = site.environment.topology !== 'single'
  const network = layNetwork(site, { ...layout, goesOut }, key)
  shortenWays(site, network)
  return {
    key,
    network,
    groups: openDoors(site, network),
    accessLogs: keepBalancerLogs(site),
    topic: openTopic(site, key),
  }
}

/** What the slow, stateful stack of a region gives to the quick one that stands on it. */
export type Ground = Omit<ReturnType<typeof layGround>, 'accessLogs'> & {
  accessLogs: string
  /** ARNs of the secrets that a host may read, and of the bucket of bundles. */
  secrets: string[]
  bundles: string
  /** ARN of the role as which Auto Scaling starts hosts. */
  scaling: string
}

/** Ours by name, in this region: replicas have the same name as what they are replicas of. */
export const ownSecrets = (site: Site) =>
  `arn:aws:secretsmanager:${site.region}:${site.account}:secret:aeroflash/${site.environment.name}/*`
