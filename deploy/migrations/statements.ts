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
