import { partsOf } from './statements.ts'

/**
 * `removes`: the running version may still use what goes, or be refused what it writes. `locks`: while it
 * runs, the running version waits. `breaks`: what the running version writes fails from then on.
 */
export type Finding = {
  kind: 'removes' | 'locks' | 'breaks'
  statement: string
  why: string
  /** Names that the running version must not know any more. */
  names: string[]
}

type Rule = [pattern: RegExp, kind: Finding['kind'] | 'fine', why?: string]

const NAME = '((?:\\w+\\.)?\\w+)'
const matching = (pattern: string) => new RegExp(`^${pattern.replaceAll('NAME', NAME)}`)

const stillUsed = 'the running version may still use it'
const concurrently = 'writers wait until it is done: say concurrently'

// The first that fits decides; what fits none is not known to be safe. A rule's first name is what it
// is about.
const statementRules: Rule[] = [
  [
    matching('create (unlogged )?(table|schema|type|sequence|extension|materialized view)\\b'),
    'fine',
  ],
  [matching('create (or replace )?view\\b'), 'fine'],
  [matching('create (function|procedure)\\b'), 'fine'],
  [matching('create (unique )?index concurrently\\b'), 'fine'],
  [matching('create (unique )?index\\b'), 'locks', concurrently],
  [matching('drop index concurrently\\b'), 'fine'],
  [matching('drop index\\b'), 'locks', 'readers and writers wait for it: say concurrently'],
  [matching('drop \\w+ (?:if exists )?NAME'), 'removes', stillUsed],
  [matching('truncate(?: table)? NAME'), 'removes', 'the running version reads it'],
  [matching('delete from NAME'), 'removes', 'the running version reads it'],
  [
    /^update (?!.* where )/,
    'locks',
    'every row is locked until it is done: let the worker do it in turns',
  ],
  [matching('alter type NAME add value\\b'), 'fine'],
  [matching('alter (?:type|view|sequence|schema|function) NAME rename\\b'), 'removes', stillUsed],
  [matching('(insert into|update|select|with|comment on|grant|set|analyze)\\b'), 'fine'],
]

const actionRules: Rule[] = [
  [
    matching('add (?:column )?(?:if not exists )?\\w+ (?:small|big)?serial\\b'),
    'locks',
    'the table is rewritten',
  ],
  [matching('drop column (?:if exists )?NAME'), 'removes', stillUsed],
  [matching('rename (?:column |constraint )?NAME to\\b'), 'removes', stillUsed],
  [matching('rename to\\b'), 'removes', stillUsed],
  [matching('set schema\\b'), 'removes', stillUsed],
  [
    matching('alter (?:column )?NAME (?:set data )?type\\b'),
    'removes',
    'the running version knows the old type, and the table is rewritten',
  ],
  [
    matching('alter (?:column )?NAME set not null'),
    'removes',
    'the running version may write null',
  ],
  [
    matching('alter (?:column )?NAME drop default'),
    'removes',
    'the running version may count on it',
  ],
  [matching('alter (?:column )?NAME (set (default|statistics|storage)|drop not null)'), 'fine'],
  [/^add constraint \w+ .*not valid$/, 'removes', 'the running version may write what it refuses'],
  [
    /^add (constraint|primary key|unique|check|foreign key|exclude)\b/,
    'locks',
    'the table is read whole under a lock: add it not valid, validate it later',
  ],
  [/^validate constraint\b/, 'fine'],
  [matching('drop constraint (?:if exists )?NAME'), 'removes', stillUsed],
  [/^(re)?set \(/, 'fine'],
]

const columnRules: Rule[] = [
  [
    /\bnot null\b(?!.*\bdefault\b)(?!.*\bgenerated\b)/,
    'breaks',
    'not null without a default: what the running version writes is refused',
  ],
  [/\bgenerated\b/, 'locks', 'the table is rewritten'],
  [
    /\bdefault\b.*\b(gen_random_uuid|uuidv4|uuidv7|random|clock_timestamp|nextval) ?\(/,
    'locks',
    'a default that differs by row rewrites the table',
  ],
  [
    /\b(unique|primary key|references|check)\b/,
    'locks',
    'the table is read whole under a lock: add the constraint not valid, validate it later',
  ],
  [/./, 'fine'],
]

/** What of this statement the running version cannot live with, tables that are new in this release apart. */
export const findingsOf = (statement: string, fresh: Set<string>): Finding[] => {
  const table = tableOf(statement)
  if (table !== undefined && fresh.has(table)) return []
  const altered = /^alter table (?:if exists )?(?:only )?\S+ (.*)$/.exec(statement)
  if (!altered) return judged(statement, statementRules, statement)
  const actions = partsOf(altered[1]!)
  const replaced = new Set(actions.flatMap((action) => constraintOf(action, 'drop')))
  return actions
    .filter((action) => !isReplacement(action, actions, replaced))
    .flatMap((action) => {
      const added = /^add (?:column )?(?!constraint|primary|unique|check|foreign|exclude)/.test(
        action,
      )
      const isSerial = /\bserial\b|\b(big|small)serial\b/.test(action)
      return judged(action, added && !isSerial ? columnRules : actionRules, statement)
    })
}

const judged = (part: string, rules: Rule[], statement: string): Finding[] => {
  const rule = rules.find(([pattern]) => pattern.test(part))
  if (!rule) return [{ kind: 'removes', statement, why: 'not known to be safe', names: [] }]
  const [pattern, kind, why] = rule
  if (kind === 'fine') return []
  const name = pattern.exec(part)?.[1]?.split('.').at(-1)
  return [{ kind, statement, why: why ?? '', names: name === undefined ? [] : [name] }]
}

/** The table that a statement is about, where it is about one. */
const tableOf = (statement: string) =>
  /^(?:alter table (?:if exists )?(?:only )?|update (?:only )?|delete from |truncate (?:table )?|drop table (?:if exists )?)([\w.]+)/.exec(
    statement,
  )?.[1] ?? /^create (?:unique )?index .*? on (?:only )?([\w.]+)/.exec(statement)?.[1]

export const createdBy = (statement: string): string[] =>
  [...statement.matchAll(/^create (?:unlogged )?table (?:if not exists )?([\w.]+)/g)].map(
    ([, name]) => name!,
  )

const constraintOf = (action: string, verb: 'add' | 'drop') => {
  const name = new RegExp(`^${verb} constraint (?:if exists )?(\\w+)`).exec(action)?.[1]
  return name === undefined ? [] : [name]
}

// A list of what is allowed that grows: its constraint goes and comes back, unchecked, in one statement.
const isReplacement = (action: string, actions: string[], replaced: Set<string>) => {
  const [added] = constraintOf(action, 'add')
  if (added !== undefined) return replaced.has(added) && action.endsWith('not valid')
  const [dropped] = constraintOf(action, 'drop')
  return actions.some((other) => constraintOf(other, 'add')[0] === dropped && dropped !== undefined)
}
