import { PRODUCTION, whyGroup } from '../attribution.ts'
import { businessRules } from './business.ts'
import { changeRules } from './change.ts'
import { processRules } from './processes.ts'
import type { Alert, RuleFile } from './rule-file.ts'
import { saturationRules } from './saturation.ts'
import { sloRules } from './slo.ts'
import { telemetryRules } from './telemetry.ts'

export const ruleFiles: RuleFile[] = [
  sloRules,
  saturationRules,
  changeRules,
  processRules,
  businessRules,
  telemetryRules,
  { name: 'why', groups: [whyGroup(PRODUCTION)] },
]

export const alerts = ruleFiles
  .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
  .filter((rule): rule is Alert => 'alert' in rule)
