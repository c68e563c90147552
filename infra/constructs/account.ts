import { BudgetsBudget } from '@cdktf/provider-aws/lib/budgets-budget/index.js'
import { EbsEncryptionByDefault } from '@cdktf/provider-aws/lib/ebs-encryption-by-default/index.js'
import { GuarddutyDetector } from '@cdktf/provider-aws/lib/guardduty-detector/index.js'
import { IamServiceLinkedRole } from '@cdktf/provider-aws/lib/iam-service-linked-role/index.js'
import type { Site } from './site.ts'

/** What holds for everything in the account, ours or not. */
export const guardAccount = (site: Site, where: 'here' | 'away') => {
  new EbsEncryptionByDefault(site.stack, `disks-encrypted-${where}`, { ...site.at, enabled: true })
  new GuarddutyDetector(site.stack, `intruders-seen-${where}`, { ...site.at, enable: true })
}

export const guardBudget = (site: Site) =>
  new BudgetsBudget(site.stack, 'budget', {
    name: site.name,
    budgetType: 'COST',
    limitAmount: String(site.environment.budgetUsd),
    limitUnit: 'USD',
    timeUnit: 'MONTHLY',
    notification: ['FORECASTED', 'ACTUAL'].map((kind) => ({
      comparisonOperator: 'GREATER_THAN',
      threshold: kind === 'ACTUAL' ? 80 : 100,
      thresholdType: 'PERCENTAGE',
      notificationType: kind,
      subscriberEmailAddresses: [site.environment.alarmsTo],
    })),
  })

/** As whom Auto Scaling starts our hosts: its own role, so that our key can name it. */
export const introduceScaling = (site: Site) =>
  new IamServiceLinkedRole(site.stack, 'scaling', {
    awsServiceName: 'autoscaling.amazonaws.com',
    customSuffix: site.name,
    description: 'Starts and stops the hosts of AeroFlash',
  }).arn
