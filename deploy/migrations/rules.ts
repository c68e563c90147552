/**
 * `removes`: the running version may still use what goes, or be refused what it writes. `locks`: while it
 * runs, the running version waits. `breaks`: what the running version writes fails from then on.
 */
export type Kind = 'removes' | 'locks' | 'breaks'

export type Rule = [pattern: RegExp, kind: Kind | 'fine', why?: string]

// What is about one thing names it; what is about several has a list. Either is a rule's first group.
const matching = (pattern: string) =>
  new RegExp(
    `^${pattern.replaceAll('NAMES', '(.+)').replaceAll('NAME', '((?:only )?(?:\\w+\\.)?\\w+)')}`,
  )

const stillUsed = 'the running version may still use it'
const refusesWrites = 'the running version may write what it refuses'
const concurrently = 'writers wait until it is done: say concurrently'
const moreThanItSays = 'cascade takes away more than it says'
const readUnderLock = 'the table is read whole under a lock: add it not valid, validate it later'

// The first that fits decides; what fits none is not known to be safe.
export const statementRules: Rule[] = [
  [
    matching('create (?:unlogged )?(?:table|schema|type|sequence|extension|materialized view)\\b'),
    'fine',
  ],
  [matching('create (?:or replace )?view\\b'), 'fine'],
  [matching('create (?:function|procedure)\\b'), 'fine'],
  [
    matching('create unique index concurrently (?:if not exists )?NAME on\\b'),
    'removes',
    refusesWrites,
  ],
  [matching('create index concurrently\\b'), 'fine'],
  [matching('create index\\b'), 'locks', concurrently],
  [/^(?:drop|truncate) .*\bcascade$/, 'removes', moreThanItSays],
  [
    matching('drop index concurrently (?:if exists )?NAMES'),
    'removes',
    'the running version may need it: for its "on conflict", or to be fast',
  ],
  [matching('drop index\\b'), 'locks', 'readers and writers wait for it: say concurrently'],
  [
    matching(
      'drop (?:table|(?:materialized )?view|sequence|type|function|procedure|schema|trigger) (?:if exists )?NAMES',
    ),
    'removes',
    stillUsed,
  ],
  [matching('truncate (?:table )?NAMES'), 'removes', 'the running version reads it'],
  [matching('delete from NAME'), 'removes', 'the running version reads it'],
  [
    /^update (?!.* where )/,
    'locks',
    'every row is locked until it is done: let the worker do it in turns',
  ],
  [matching('alter type NAME add value\\b'), 'fine'],
  [
    matching('alter (?:type|view|sequence|schema|function) NAME rename to\\b'),
    'removes',
    stillUsed,
  ],
  [matching('(?:insert into|update|select|comment on|grant|set|analyze)\\b'), 'fine'],
]

export const actionRules: Rule[] = [
  [
    matching('add (?:column )?(?:if not exists )?\\w+ (?:small|big)?serial\\b'),
    'locks',
    'the table is rewritten',
  ],
  [/^drop .*\bcascade$/, 'removes', moreThanItSays],
  [matching('drop constraint (?:if exists )?NAME'), 'removes', stillUsed],
  [matching('drop (?:column )?(?:if exists )?NAME'), 'removes', stillUsed],
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
  [matching('alter (?:column )?NAME (?:set (?:default|statistics|storage)|drop not null)'), 'fine'],
  [matching('add constraint NAME .*not valid$'), 'removes', refusesWrites],
  [/^add (?:constraint|primary key|unique|check|foreign key|exclude)\b/, 'locks', readUnderLock],
  [/^validate constraint\b/, 'fine'],
  [/^(?:re)?set \(/, 'fine'],
]

// The same for all rows of one statement, so that PostgreSQL keeps one value and rewrites nothing.
const sameForAllRows =
  '(?:now|(?:transaction|statement)_timestamp|current_(?:date|time|timestamp)|localtime(?:stamp)?)'

/** Of a column that is added. */
export const columnRules: Rule[] = [
  [
    /^(?!.*\b(?:default(?! null\b)|generated)\b).*\bnot null\b/,
    'breaks',
    'not null without a default: what the running version writes is refused',
  ],
  [/\bgenerated\b/, 'locks', 'the table is rewritten'],
  [/\b(?:unique|primary key|references|check)\b/, 'locks', readUnderLock],
  [
    new RegExp(`\\bdefault\\b.*(?<![\\w.:])(?!${sameForAllRows} ?\\()[a-z_][\\w.]* ?\\(`),
    'locks',
    'a default that may differ by row rewrites the table',
  ],
  [/./, 'fine'],
]
