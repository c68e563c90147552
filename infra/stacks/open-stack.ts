import { type App, S3Backend, TerraformStack } from 'cdktf'
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js'
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { bucketName } from '../constructs/bucket.ts'
import type { Site } from '../constructs/site.ts'
import { forbidViolations } from '../policies/forbid-violations.ts'
import type { Environment } from '../settings.ts'

export const tagsOf = (environment: Environment, stack: string) => ({
  Project: 'aeroflash',
  Environment: environment.name,
  Stack: stack,
  ManagedBy: 'infra/',
})

const stateIn = (site: Site, id: string) => {
  const backend = new S3Backend(site.stack, {
    bucket: bucketName(site, 'state'),
    key: `${id}.tfstate`,
    // The state of every region stands in the first one.
    region: site.environment.region,
    encrypt: true,
  })
  // S3's own lock. cdktf 0.21 does not know it; Terraform does, since 1.10.
  backend.addOverride('use_lockfile', true)
}

/** A stack with its state, its provider, and our policies, which refuse to write it when it breaks one. */
export const openStack = (app: App, environment: Environment, id: string, region: string): Site => {
  const stack = new TerraformStack(app, id)
  stack.addOverride('terraform.required_version', '>= 1.11')
  new AwsProvider(stack, 'aws', {
    region,
    defaultTags: [{ tags: tagsOf(environment, id) }],
  })
  const site: Site = {
    stack,
    environment,
    region,
    name: `aeroflash-${environment.name}`,
    account: new DataAwsCallerIdentity(stack, 'me').accountId,
    at: {},
  }
  stateIn(site, id)
  forbidViolations(stack)
  return site
}

/** The same stack, for the few things of it that stand in another region. */
export const reachTo = (site: Site, region: string): Site => ({
  ...site,
  region,
  at: {
    provider: new AwsProvider(site.stack, 'away', {
      region,
      alias: 'away',
      defaultTags: [{ tags: tagsOf(site.environment, site.stack.node.id) }],
    }),
  },
})
