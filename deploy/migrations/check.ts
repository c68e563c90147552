import { createdBy, findingsOf } from './rules.ts'
import type { Finding } from './rules.ts'
import { statementsOf } from './statements.ts'

export type Migration = { name: string; text: string }

/** Where the running version's code says a word, as `file:line`. */
export type Usage = (word: string) => string[]

const contractMark = /^-- contract: \S/m

/**
 * Why the running version cannot live with these migrations, a sentence each; none when it can. What
 * removes something stands in a migration with `-- contract: <why nobody needs it>` in its head, in a
 * release of its own, once the running version does not know it any more.
 */
export const refusalsOf = (pending: Migration[], usage: Usage): string[] => {
  const fresh = new Set(pending.flatMap(({ text }) => statementsOf(text).flatMap(createdBy)))
  const isContract = ({ text }: Migration) => contractMark.test(text)
  const isMixed = pending.some(isContract) && !pending.every(isContract)
  return pending.flatMap((migration) => {
    const findings = statementsOf(migration.text).flatMap((one) => findingsOf(one, fresh))
    if (!isContract(migration)) return findings.map((finding) => refusal(migration, finding))
    return [
      ...(isMixed ? [`${migration.name} is a contract: release it alone, after the others`] : []),
      ...findings.flatMap((finding) => contractRefusals(migration, finding, usage)),
    ]
  })
}

const refusal = ({ name }: Migration, { kind, statement, why }: Finding) => {
  const later = kind === 'removes' ? ' (to take it away later: a contract)' : ''
  return `${name}: "${shortened(statement)}": ${why}${later}`
}

const contractRefusals = (migration: Migration, finding: Finding, usage: Usage) => {
  if (finding.kind !== 'removes') return [refusal(migration, finding)]
  return finding.names.flatMap((word) => {
    const [place] = usage(word)
    return place === undefined
      ? []
      : [`${migration.name} takes ${word} away, which the running version uses (${place})`]
  })
}

const SHOWN_MAX = 90

const shortened = (statement: string) =>
  statement.length > SHOWN_MAX ? `${statement.slice(0, SHOWN_MAX)}…` : statement
