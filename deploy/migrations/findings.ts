import { actionRules, columnRules, statementRules } from './rules.ts'
import type { Kind, Rule } from './rules.ts'
import { partsOf, unfolded } from './statements.ts'
import { namesIn } from './tables.ts'
import type { followTables } from './tables.ts'

export type Finding = {
  kind: Kind
  statement: string
  why: string
  /** Names that the running version must not know any more; none where it cannot be told what goes. */
  names: string[]
}

type Tables = ReturnType<typeof followTables>

/** What of a file the running version cannot live with, tables that are new in this release apart. */
export const findingsOf = (file: string[], tables: Tables): Finding[] => {
  const statements = file.map((whole) => {
    const parts = unfolded(whole)
    const judgedParts = parts.filter((part) => !tables.isOnlyAboutNew(part))
    tables.follow(whole)
    return { whole, parts, judgedParts }
  })
  const altersWhatServes = statements.some(
    ({ whole, judgedParts }) => judgedParts.includes(whole) && altering(whole),
  )
  return statements.flatMap(({ whole, parts, judgedParts }) => [
    ...judgedParts.flatMap((part) => findingsIn(part, whole)),
    ...(altersWhatServes && parts.some(takesLong) ? [underLock(whole)] : []),
  ])
}

// A file is a transaction (kernel/migrate.ts): what is locked in it stays locked until all of it is done.
const underLock = (statement: string): Finding => ({
  kind: 'locks',
  statement,
  why: 'what this file alters stays locked until it is done: put it in a migration of its own',
  names: [],
})

const takesLong = (part: string) =>
  /^(?:update|delete from)\b/.test(part) ||
  /^insert into (?![\w.]+(?: ?\([^)]*\))? (?:default )?values\b)/.test(part) ||
  actionsOf(part).some(isValidation)

const altering = (statement: string) => actionsOf(statement).some((action) => !isValidation(action))

const isValidation = (action: string) => action.startsWith('validate constraint ')

const actionsOf = (statement: string) => {
  const altered = /^alter table (?:if exists )?(?:only )?\S+ (.*)$/.exec(statement)
  return altered ? partsOf(altered[1]!) : []
}

const findingsIn = (part: string, statement: string): Finding[] => {
  const actions = actionsOf(part)
  if (actions.length === 0) return judged(part, statementRules, statement)
  const replaced = new Set(actions.flatMap((action) => constraintOf(action, 'drop')))
  return actions
    .filter((action) => !isReplacement(action, actions, replaced))
    .flatMap((action) => judged(action, addsColumn(action) ? columnRules : actionRules, statement))
}

const addsColumn = (action: string) =>
  /^add (?:column )?(?!constraint|primary|unique|check|foreign|exclude)/.test(action) &&
  !/\b(?:big|small)?serial\b/.test(action)

const judged = (part: string, rules: Rule[], statement: string): Finding[] => {
  const rule = rules.find(([pattern]) => pattern.test(part))
  if (!rule) return [{ kind: 'removes', statement, why: 'not known to be safe', names: [] }]
  const [pattern, kind, why = ''] = rule
  if (kind === 'fine') return []
  const list = pattern.exec(part)?.[1]
  const names = list === undefined ? [] : namesIn(list)
  const isNamed = names.every((name) => name !== undefined)
  return [{ kind, statement, why, names: isNamed ? names.map(withoutSchema) : [] }]
}

const withoutSchema = (name: string) => name.split('.').at(-1)!

const constraintOf = (action: string, verb: 'add' | 'drop') => {
  const name = new RegExp(`^${verb} constraint (?:if exists )?(\\w+)\\b(?! cascade)`).exec(
    action,
  )?.[1]
  return name === undefined ? [] : [name]
}

// A list of what is allowed that grows: its constraint goes and comes back, unchecked, in one statement.
const isReplacement = (action: string, actions: string[], replaced: Set<string>) => {
  const [added] = constraintOf(action, 'add')
  if (added !== undefined) return replaced.has(added) && action.endsWith('not valid')
  const [dropped] = constraintOf(action, 'drop')
  return actions.some((other) => constraintOf(other, 'add')[0] === dropped && dropped !== undefined)
}
