import { blames } from './blames.ts'
import { failures } from './failures.ts'
import type { Rule, Span } from './rule.ts'
import { releases, symptoms } from './symptoms.ts'

/** The first of these that holds for a route is its verdict: the nearest to a cause comes first. */
export const kinds = [
  'release',
  'failing_release',
  'repeated',
  'lock',
  'idle_transaction',
  'garbage',
  'logging',
  'lock_timeout',
  'statement',
  'holder',
  'pool',
  'partner',
  'blocker',
  'starved',
  'busy',
  'failing_partner',
  'failing_statement',
  'pool_timeout',
  'own',
  'own_errors',
  'memory',
] as const
export type Kind = (typeof kinds)[number]

/**
 * From measurements to a culprit, in steps that Prometheus records: what the verdict was at three in
 * the morning can still be read at nine. Each rule reads what those above it recorded.
 */
export const whyRules = ({ window, seconds }: Span): Rule[] => [
  ...symptoms({ window, seconds }),
  ...releases(window),
  ...blames(window),
  ...failures(window),
  { record: 'why:verdict', expr: verdict },
]

const verdict = kinds.map((kind) => `why:blame{kind="${kind}"}`).join(' or on (route) ')
