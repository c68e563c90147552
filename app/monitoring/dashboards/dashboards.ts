import { business } from './business.ts'
import { changed } from './changed.ts'
import { database } from './database.ts'
import { endpoint } from './endpoint.ts'
import { overview } from './overview.ts'
import { runtime } from './runtime.ts'
import { slo } from './slo.ts'
import { support } from './support.ts'
import { telemetry } from './telemetry.ts'

/** In the order in which one opens them at night. */
export const dashboards = [
  overview,
  endpoint,
  changed,
  database,
  runtime,
  slo,
  business,
  support,
  telemetry,
]
