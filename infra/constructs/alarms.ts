import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js'
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js'
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js'
import type { Key } from './key.ts'
import type { Site } from './site.ts'

/** Where alarms go. The address must confirm once, by the mail that AWS sends it. */
export const openTopic = (site: Site, key: Key) => {
  const topic = new SnsTopic(site.stack, 'alarms', {
    name: `${site.name}-alarms`,
    kmsMasterKeyId: key.id,
  })
  new SnsTopicSubscription(site.stack, 'alarms-by-mail', {
    topicArn: topic.arn,
    protocol: 'email',
    endpoint: site.environment.alarmsTo,
  })
  return topic.arn
}

type Alarm = {
  namespace: string
  metric: string
  of: Record<string, string>
  statistic?: 'Average' | 'Maximum' | 'Minimum' | 'Sum'
  over?: number
  under?: number
  minutes: number
  /** When nothing is measured: by default that is no reason to wake anyone. */
  silence?: 'breaching' | 'notBreaching'
  says: string
}

/** CloudWatch watches what the product cannot: its database's host, its own absence, its watcher. */
export const alarm = (site: Site, topic: string, id: string, it: Alarm) =>
  new CloudwatchMetricAlarm(site.stack, `alarm-${id}`, {
    alarmName: `${site.name}-${id}`,
    alarmDescription: it.says,
    namespace: it.namespace,
    metricName: it.metric,
    dimensions: it.of,
    statistic: it.statistic ?? 'Average',
    period: 60,
    evaluationPeriods: it.minutes,
    comparisonOperator: it.under === undefined ? 'GreaterThanThreshold' : 'LessThanThreshold',
    threshold: it.under ?? it.over ?? 0,
    treatMissingData: it.silence ?? 'notBreaching',
    alarmActions: [topic],
    okActions: [topic],
  })

const GIB = 1024 ** 3

type Watched = Omit<Alarm, 'namespace' | 'of'>

const SYMPTOMS: Record<string, Watched> = {
  cpu: {
    metric: 'CPUUtilization',
    over: 80,
    minutes: 10,
    says: 'The database computes at its limit. See the Database dashboard, top statements.',
  },
  disk: {
    metric: 'FreeStorageSpace',
    statistic: 'Minimum',
    under: 5 * GIB,
    minutes: 5,
    says: 'Less than 5 GiB of disk is left. It grows by itself up to mostStorageGib: see whether that is reached.',
  },
  memory: {
    metric: 'FreeableMemory',
    statistic: 'Minimum',
    under: GIB / 8,
    minutes: 10,
    says: 'The database has less than 128 MiB of memory left.',
  },
  silent: {
    metric: 'DatabaseConnections',
    statistic: 'Maximum',
    under: 1,
    minutes: 5,
    silence: 'breaching',
    says: 'Nobody is connected to the database: it, or every host, is gone.',
  },
}

const BEHIND: Watched = {
  metric: 'ReplicaLag',
  statistic: 'Maximum',
  over: 60,
  minutes: 5,
  silence: 'breaching',
  says: 'The copy is more than a minute behind: a failover now would lose that much.',
}

const ofDatabase = (identifier: string) => ({
  namespace: 'AWS/RDS',
  of: { DBInstanceIdentifier: identifier },
})

export const watchDatabase = (site: Site, topic: string, identifier: string) => {
  for (const [id, symptom] of Object.entries(SYMPTOMS))
    alarm(site, topic, `database-${id}`, { ...ofDatabase(identifier), ...symptom })
}

export const watchCopy = (site: Site, topic: string, identifier: string) =>
  alarm(site, topic, 'database-copy-behind', { ...ofDatabase(identifier), ...BEHIND })
