import { rules } from './all-rules.ts'
import type { Config, Rule, Stack } from './rule.ts'

export type Finding = { address: string; rule: Rule; reason?: string }

const exceptionsOf = (config: Config) =>
  (config['//'] as { exceptions?: Record<string, string> } | undefined)?.exceptions ?? {}

/** Everything that breaks a rule, with the reason where it may. */
export const findingsIn = (stack: Stack): Finding[] =>
  rules.flatMap((rule) =>
    rule.on.flatMap((type) =>
      Object.entries(stack.resource?.[type] ?? {})
        .filter(([name, config]) => !rule.holds(config, { type, name, stack }))
        .map(([name, config]) => {
          const reason = exceptionsOf(config)[rule.id]
          return { address: `${type}.${name}`, rule, ...(reason ? { reason } : {}) }
        }),
    ),
  )

/** What may not be, in words. */
export const violationsIn = (stack: Stack): string[] => [
  ...findingsIn(stack)
    .filter(({ reason }) => reason === undefined)
    .map(({ address, rule }) => `${address} breaks ${nameOf(rule)}: ${rule.says}`),
  ...needlessIn(stack),
]

export const nameOf = ({ id, checkov, fsbp }: Rule) => [id, ...checkov, ...fsbp].join(' ')

/** An exception from a rule that is kept anyway would go unnoticed when the rule is broken later. */
const needlessIn = (stack: Stack) => {
  const used = new Set(findingsIn(stack).map(({ address, rule }) => `${address} ${rule.id}`))
  return Object.entries(stack.resource ?? {}).flatMap(([type, named]) =>
    Object.entries(named).flatMap(([name, config]) =>
      Object.keys(exceptionsOf(config))
        .filter((rule) => !used.has(`${type}.${name} ${rule}`))
        .map((rule) => `${type}.${name} needs no exception from ${rule}`),
    ),
  )
}
