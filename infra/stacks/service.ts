import type { App } from 'cdktf'
import type { Ground } from '../constructs/ground.ts'
import { findZone } from '../constructs/names.ts'
import { offerRelease } from '../constructs/release-document.ts'
import { serveAlone, serveTogether } from '../constructs/serve.ts'
import type { Environment } from '../settings.ts'
import { openStack } from './open-stack.ts'

/** What serves: quick to build, nothing in it is missed. */
export const service = (app: App, environment: Environment, ground: Ground) => {
  const site = openStack(app, environment, 'service', environment.region)
  const zone = findZone(site)
  offerRelease(site)
  const role = environment.away ? 'PRIMARY' : 'only'
  if (environment.topology === 'single') serveAlone(site, ground, zone)
  else serveTogether(site, ground, { zone, role, hosts: environment.hosts })
  return site.stack
}
