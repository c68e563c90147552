import type { App } from 'cdktf'
import { guardAccount, guardBudget } from '../constructs/account.ts'
import { keepAccessLogs, makeBucket } from '../constructs/bucket.ts'
import { letJenkinsIn } from '../constructs/jenkins.ts'
import { makeKey } from '../constructs/key.ts'
import { allow } from '../constructs/statements.ts'
import type { Environment } from '../settings.ts'
import { openStack, reachTo } from './open-stack.ts'

/** Once per account: where the state is, who Jenkins is, what holds for everything. */
export const bootstrap = (app: App, environment: Environment) => {
  const site = openStack(app, environment, 'bootstrap', environment.region)
  const key = makeKey(site, 'state', 'the state of Terraform')
  const logs = keepAccessLogs(site, 'state-access', (arn) => [
    allow('S3WritesHere', {
      to: { Service: 'logging.s3.amazonaws.com' },
      actions: ['s3:PutObject'],
      on: [`${arn}/*`],
      when: { StringEquals: { 'aws:SourceAccount': site.account } },
    }),
  ])
  makeBucket(site, 'state', { key, logs, oldVersionDays: 365 })
  letJenkinsIn(site, key)
  guardAccount(site, 'here')
  guardBudget(site)
  if (environment.away) guardAccount(reachTo(site, environment.away.region), 'away')
  return site.stack
}
