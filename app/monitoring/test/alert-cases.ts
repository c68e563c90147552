import { burnCases } from './cases/burn.ts'
import { businessCases } from './cases/business.ts'
import { changeCases } from './cases/change.ts'
import { processCases } from './cases/processes.ts'
import { saturationCases } from './cases/saturation.ts'
import { telemetryCases } from './cases/telemetry.ts'

export const cases = [
  ...burnCases,
  ...saturationCases,
  ...changeCases,
  ...processCases,
  ...businessCases,
  ...telemetryCases,
]
