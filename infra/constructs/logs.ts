import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js'
import type { Key } from './key.ts'
import type { Site } from './site.ts'

/** A year of what happened, encrypted. */
export const keepLogs = (site: Site, id: string, name: string, key: Key) =>
  new CloudwatchLogGroup(site.stack, id, {
    ...site.at,
    name,
    retentionInDays: 365,
    kmsKeyId: key.arn,
  })
