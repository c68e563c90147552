import { EbsVolume } from '@cdktf/provider-aws/lib/ebs-volume/index.js'
import { BACKED_UP } from './backups.ts'
import type { Key } from './key.ts'
import type { Network } from './network.ts'
import type { Site } from './site.ts'

/** What the monitoring remembers outlives its host, which takes this volume when it starts. */
export const keepMeasures = (site: Site, network: Network, key: Key) =>
  new EbsVolume(site.stack, 'measures', {
    availabilityZone: network.zone,
    size: site.environment.monitoring.diskGib,
    type: 'gp3',
    encrypted: true,
    kmsKeyId: key.arn,
    finalSnapshot: true,
    tags: {
      Name: `${site.name}-measures`,
      Environment: site.environment.name,
      Holds: 'measures',
      ...BACKED_UP,
    },
  })
