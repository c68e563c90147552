import { findingsOf } from './findings.ts'
import type { Finding } from './findings.ts'
import { statementsOf } from './statements.ts'
import { followTables } from './tables.ts'

export type Migration = { name: string; text: string }

/** Where a version's code says a word, as `file:line`. */
export type Usage = (word: string) => string[]

/**
 * Why the running version cannot live with these migrations, a sentence each; none when it can. What
 * removes something stands in a migration with `-- contract: <why nobody needs it>` in its head, in a
 * release of its own, once the running version does not know it any more.
 */
export const refusalsOf = (pending: Migration[], usage: Usage): string[] => {
  const isMixed = pending.some(isContract) && !pending.every(isContract)
  return judgedInOrder(pending).flatMap(({ migration, findings }) => {
    if (!isContract(migration)) return findings.map((finding) => refusal(migration, finding))
    return [
      ...(isMixed ? [`${migration.name} is a contract: release it alone, after the others`] : []),
      ...findings.flatMap((finding) => contractRefusals(migration, finding, usage)),
    ]
  })
}

/** Why a version cannot serve once these migrations have been: what their contracts took away, it uses. */
export const missedBy = (done: Migration[], usage: Usage): string[] =>
  judgedInOrder(done)
    .filter(({ migration }) => isContract(migration))
    .flatMap(({ migration, findings }) =>
      findings
        .filter(({ kind }) => kind === 'removes')
        .flatMap(({ names }) => names)
        .flatMap((word) => {
          const [place] = usage(word)
          return place === undefined
            ? []
            : [`${migration.name} took ${word} away, which it uses (${place})`]
        }),
    )

/** As they run: a table is new only after what creates it. */
const judgedInOrder = (migrations: Migration[]) => {
  const tables = followTables()
  return migrations
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((migration) => ({
      migration,
      findings: findingsOf(statementsOf(migration.text), tables),
    }))
}

/** Its reason, to the end of the comment. */
const contractHead = ({ text }: Migration) => /^-- contract: \S.*(?:\n--.*)*/m.exec(text)?.[0]

const isContract = (migration: Migration) => contractHead(migration) !== undefined

const refusal = ({ name }: Migration, { kind, statement, why }: Finding) => {
  const later = kind === 'removes' ? ' (to take it away later: a contract)' : ''
  return `${name}: "${shortened(statement)}": ${why}${later}`
}

const contractRefusals = (migration: Migration, finding: Finding, usage: Usage) => {
  const { kind, statement, why, names } = finding
  if (kind !== 'removes') return [refusal(migration, finding)]
  if (names.length === 0)
    return [
      `${migration.name}: "${shortened(statement)}": ${why}, and a contract only takes away what can be looked for by name`,
    ]
  return names.flatMap((word) => {
    const [place] = usage(word)
    if (place !== undefined)
      return [`${migration.name} takes ${word} away, which the running version uses (${place})`]
    return isLeftUnsaid(migration, statement, word)
      ? [`${migration.name}: ${why}. Its head must say why not, by the name ${word}`]
      : []
  })
}

// Code counts on these and does not say their names, so that it says none tells nothing: a person must.
const unspoken = /^drop (?:index|trigger) |\b(?:drop|add) constraint |^create unique index /

const isLeftUnsaid = (migration: Migration, statement: string, word: string) =>
  unspoken.test(statement) && !new RegExp(`\\b${word}\\b`, 'i').test(contractHead(migration) ?? '')

const SHOWN_MAX = 90

const shortened = (statement: string) =>
  statement.length > SHOWN_MAX ? `${statement.slice(0, SHOWN_MAX)}…` : statement
