/** The statements of an SQL file: without comments and what is quoted, in lower case, on one line. */
export const statementsOf = (text: string): string[] =>
  withoutLiterals(text)
    .toLowerCase()
    .split(';')
    .map((statement) => statement.replaceAll(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '')

// What may stand in a file and hold a semicolon or a keyword that means nothing: comments, strings,
// bodies between dollars. A quoted name is a name.
const literals = new RegExp(
  [
    /--[^\n]*/,
    /\/\*[\s\S]*?\*\//,
    /(?<tag>\$(?:[a-z_]\w*)?\$)[\s\S]*?\k<tag>/,
    /\be'(?:\\[\s\S]|''|[^'\\])*'/,
    /'(?:''|[^'])*'/,
    /"(?<name>[^"]+)"/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
)

const withoutLiterals = (text: string) =>
  text.replaceAll(literals, (...match: unknown[]) => {
    const [whole] = match as [string]
    const { name } = match.at(-1) as { name?: string }
    if (name !== undefined) return name
    return whole.startsWith('--') || whole.startsWith('/*') ? ' ' : "''"
  })

/** The parts between commas that no parenthesis encloses. */
export const partsOf = (list: string): string[] => {
  const parts = ['']
  let depth = 0
  for (const sign of list) {
    if (sign === '(') depth += 1
    if (sign === ')') depth -= 1
    if (sign === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += sign
  }
  return parts.map((part) => part.trim())
}

const named = '\\w+ (?:\\(\\) )?as (?:not )?(?:materialized )?\\(\\)'
const withHead = new RegExp(`^with (?:recursive )?${named}(?: ?, ?${named})* `)
const changing = /^(?:insert into|update|delete from|merge into|with)\b/

/**
 * The statements that a `with` holds: what changes something in its parentheses, and the one that it is for.
 * Any other statement is itself, and so is a `with` that is not understood; an `update` is without what its
 * parentheses hold, whose `where` is not its own.
 */
export const unfolded = (statement: string): string[] => {
  const { outside, groups } = parenthesesOf(statement)
  const [head] = withHead.exec(outside) ?? []
  if (head === undefined) return [statement.startsWith('update ') ? outside : statement]
  return [
    ...groups.filter((group) => changing.test(group)).flatMap(unfolded),
    outside.slice(head.length),
  ]
}

/** What outermost parentheses hold, and what is left when they are empty. */
const parenthesesOf = (statement: string) => {
  const groups: string[] = []
  let outside = ''
  let depth = 0
  for (const sign of statement) {
    if (sign === ')') depth -= 1
    if (depth === 0) outside += sign === '(' && !/[ (]$/.test(outside) ? ' (' : sign
    else groups[groups.length - 1] += sign
    if (sign === '(' && depth === 0) groups.push('')
    if (sign === '(') depth += 1
  }
  return {
    outside: outside.replaceAll(/\)(?=\w)/g, ') '),
    groups: groups.map((group) => group.trim()),
  }
}
