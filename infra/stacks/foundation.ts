import type { App } from 'cdktf'
import { introduceScaling } from '../constructs/account.ts'
import { watchCopy, watchDatabase } from '../constructs/alarms.ts'
import { backUp, makeVault } from '../constructs/backups.ts'
import { copyBundles, keepBundles } from '../constructs/bundles.ts'
import { runDatabase } from '../constructs/database.ts'
import { type Ground, layGround, ownSecrets } from '../constructs/ground.ts'
import { type Key, logsMayUse, makeKey, scalingMayUse, servicesMayUse } from '../constructs/key.ts'
import { letRdsKeepPassword, writePassword } from '../constructs/master-password.ts'
import { rememberRelease, tellDatabase } from '../constructs/parameters.ts'
import { copyImages, keepImages } from '../constructs/registry.ts'
import { keepSecrets } from '../constructs/secrets.ts'
import type { Site } from '../constructs/site.ts'
import { keepMeasures } from '../constructs/volume.ts'
import type { Environment } from '../settings.ts'
import { openStack, reachTo } from './open-stack.ts'

const makeDataKey = (site: Site, id: string, scaling: string) =>
  makeKey(
    site,
    id,
    'everything that is kept',
    logsMayUse(site),
    servicesMayUse(site, 'cloudwatch.amazonaws.com', 'backup.amazonaws.com'),
    ...scalingMayUse(scaling),
  )

/** What must be in the other region before that region’s own stack: the key, and what is copied there. */
const prepareAway = (site: Site, region: string, scaling: string) => {
  const away = reachTo(site, region)
  const key = makeDataKey(away, 'data-away', scaling)
  return { site: away, key, vault: makeVault(away, 'vault-away', key) }
}

type Away = ReturnType<typeof prepareAway>

const keepEverythingAlsoAway = (
  site: Site,
  { key, bundles }: { key: Key; bundles: ReturnType<typeof keepBundles> },
  away: Away,
) => {
  copyImages(site, away.site, away.key)
  const there = keepBundles(away.site, 'bundles-away', away.key)
  copyBundles(site, bundles, there, { from: key, to: away.key })
  return there.bucket.arn
}

/** What is slow to build and must not be lost: network, database, keys, secrets, images, backups. */
export const foundation = (app: App, environment: Environment) => {
  const site = openStack(app, environment, 'foundation', environment.region)
  const scaling = introduceScaling(site)
  const key = makeDataKey(site, 'data', scaling)
  const away = environment.away ? prepareAway(site, environment.away.region, scaling) : undefined

  const ground = layGround(site, environment, key)
  const bundles = keepBundles(site, 'bundles', key, ground.accessLogs)
  keepImages(site, key)
  keepSecrets(site, key, away?.key)
  const volume = keepMeasures(site, ground.network, key)

  const alone = environment.topology === 'single'
  const password = alone ? letRdsKeepPassword(key) : writePassword(site, key, away?.key)
  const database = runDatabase(site, { ...ground, doors: ground.groups.database }, password)
  const master = password.kept?.arn ?? database.masterUserSecret.get(0).secretArn
  watchDatabase(site, ground.topic, site.name)
  if (!alone) watchCopy(site, ground.topic, `${site.name}-copy`)
  tellDatabase(site, key, database, master)
  rememberRelease(site)

  const vault = makeVault(site, 'vault', key)
  backUp(site, { here: vault, ...(away ? { away: away.vault } : {}) }, [database.arn, volume.arn])
  const bundlesAway = away && keepEverythingAlsoAway(site, { key, bundles }, away)

  return {
    stack: site.stack,
    ground: {
      ...ground,
      accessLogs: ground.accessLogs.bucket,
      secrets: [ownSecrets(site), ...(alone ? [master] : [])],
      bundles: bundles.bucket.arn,
      scaling,
    } satisfies Ground,
    away: away && {
      key: away.key,
      vault: away.vault,
      bundles: bundlesAway ?? '',
      database: database.arn,
      scaling,
    },
  }
}

export type Foundation = ReturnType<typeof foundation>
