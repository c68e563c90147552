import { partsOf } from './statements.ts'

const listed = [
  /^drop table (?:if exists )?(.*)$/,
  /^truncate (?:table )?(.*)$/,
  /^alter table (?:if exists )?((?:only )?\S+)/,
  /^update ((?:only )?\S+)/,
  /^delete from ((?:only )?\S+)/,
  /^create (?:unique )?index (?:.*? )?on ((?:only )?[\w.]+)/,
]

/** The tables that a statement changes or takes away, where it is about tables. */
const tablesOf = (statement: string) => {
  const list = listed.flatMap((pattern) => pattern.exec(statement)?.[1] ?? [])[0]
  return list === undefined ? [] : namesIn(list)
}

/** What a list names, with schemas; undefined stands for what is not a name. */
export const namesIn = (list: string) =>
  partsOf(list).map((part) => /^(?:only )?(\w+(?:\.\w+)*)/.exec(part)?.[1])

/**
 * Follows a release through its statements. New is a table after the statement that creates it: not one
 * that may have been there (`if not exists`, or dropped before in the same release).
 */
export const followTables = () => {
  const fresh = new Set<string | undefined>()
  const dropped = new Set<string | undefined>()
  return {
    isOnlyAboutNew: (statement: string) => {
      const tables = tablesOf(statement)
      return tables.length > 0 && tables.every((table) => fresh.has(table))
    },
    follow: (statement: string) => {
      const created = /^create (?:unlogged )?table (?!if not exists\b)([\w.]+)/.exec(statement)?.[1]
      if (created !== undefined && !dropped.has(created)) fresh.add(created)
      if (!statement.startsWith('drop table ')) return
      for (const table of tablesOf(statement)) {
        dropped.add(table)
        fresh.delete(table)
      }
    },
  }
}
