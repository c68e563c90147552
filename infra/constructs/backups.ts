import { BackupPlan } from '@cdktf/provider-aws/lib/backup-plan/index.js'
import { BackupSelection } from '@cdktf/provider-aws/lib/backup-selection/index.js'
import { BackupVault } from '@cdktf/provider-aws/lib/backup-vault/index.js'
import type { Key } from './key.ts'
import { makeRole } from './role.ts'
import type { Site } from './site.ts'

export const BACKED_UP = { 'aeroflash:backup': 'daily' }

export const makeVault = (site: Site, id: string, key: Key) =>
  new BackupVault(site.stack, id, {
    ...site.at,
    name: `${site.name}-${id}`,
    kmsKeyArn: key.arn,
    forceDestroy: !site.environment.protected,
  })

type Vaults = { here: BackupVault; away?: BackupVault }

/** Every night, of what is named: kept for 35 days, and for as long in the region away if there is one. */
export const backUp = (site: Site, { here, away }: Vaults, what: string[]) => {
  const kept = { deleteAfter: 35 }
  const plan = new BackupPlan(site.stack, 'backups', {
    name: site.name,
    rule: [
      {
        ruleName: 'nightly',
        targetVaultName: here.name,
        schedule: 'cron(0 1 * * ? *)',
        startWindow: 60,
        completionWindow: 300,
        lifecycle: kept,
        ...(away ? { copyAction: [{ destinationVaultArn: away.arn, lifecycle: kept }] } : {}),
      },
    ],
  })
  const role = makeRole(site, 'backups', {
    description: 'Takes backups and brings them back',
    trusts: { Service: 'backup.amazonaws.com' },
    when: { StringEquals: { 'aws:SourceAccount': site.account } },
    managed: [
      'service-role/AWSBackupServiceRolePolicyForBackup',
      'service-role/AWSBackupServiceRolePolicyForRestores',
    ],
  })
  new BackupSelection(site.stack, 'backed-up', {
    name: site.name,
    planId: plan.id,
    iamRoleArn: role.arn,
    resources: what,
  })
}
