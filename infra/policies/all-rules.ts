import { balancerRules } from './balancers.ts'
import { bucketRules } from './buckets.ts'
import { databaseRelations } from './database-relations.ts'
import { databaseRules } from './databases.ts'
import { doorRules } from './doors.ts'
import { hostRules } from './hosts.ts'
import { keptRules } from './kept.ts'
import { keyRules } from './keys.ts'
import { permissionRules } from './permissions.ts'
import type { Rule } from './rule.ts'

export const rules: Rule[] = [
  ...hostRules,
  ...doorRules,
  ...databaseRules,
  ...databaseRelations,
  ...balancerRules,
  ...permissionRules,
  ...keyRules,
  ...bucketRules,
  ...keptRules,
]
