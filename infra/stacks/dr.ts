import type { App } from 'cdktf'
import { watchCopy } from '../constructs/alarms.ts'
import { backUp } from '../constructs/backups.ts'
import { copyFromAfar } from '../constructs/database.ts'
import { layGround, ownSecrets } from '../constructs/ground.ts'
import { findZone } from '../constructs/names.ts'
import { rememberRelease, tellDatabase } from '../constructs/parameters.ts'
import { offerRelease } from '../constructs/release-document.ts'
import { serveTogether } from '../constructs/serve.ts'
import { keepMeasures } from '../constructs/volume.ts'
import type { Environment } from '../settings.ts'
import type { Foundation } from './foundation.ts'
import { openStack } from './open-stack.ts'

/** The region away: warm hosts, a copy of the database, and the second answer to the site's name. */
export const dr = (
  app: App,
  environment: Environment,
  { region, cidr, zones, hosts }: NonNullable<Environment['away']>,
  { key, bundles, database, scaling, vault }: NonNullable<Foundation['away']>,
) => {
  const site = openStack(app, environment, 'dr', region)
  const ground = layGround(site, { cidr, zones }, key)
  const copy = copyFromAfar(site, { ...ground, doors: ground.groups.database }, database)
  watchCopy(site, ground.topic, copy.identifier)
  const volume = keepMeasures(site, ground.network, key)
  backUp(site, { here: vault }, [volume.arn])
  tellDatabase(site, key, copy, `aeroflash/${environment.name}/master`)
  rememberRelease(site)
  offerRelease(site)
  serveTogether(
    site,
    {
      ...ground,
      accessLogs: ground.accessLogs.bucket,
      secrets: [ownSecrets(site)],
      bundles,
      scaling,
    },
    { zone: findZone(site), role: 'SECONDARY', hosts },
  )
  return site.stack
}
