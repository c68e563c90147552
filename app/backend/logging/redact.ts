/** What a log line must not say: who somebody is, and what opens something. By the name it goes under. */
const personal = new RegExp(
  `^(?:${[
    'authorization|(?:set-)?cookie|session|.*(?:password|secret|token|hash)|api_?key|signature|card',
    '(?:.*_)?(?:e?mail|phone|name)|(?:given|family|first|last)_?name(?:_key)?|born_on|birth.*',
    'document|number|passengers?|contact|recipients?|to|subject|text|html|body|link',
  ].join('|')})$`,
  'i',
)

/** The same by its looks, for what stands in the middle of a sentence. */
const looks: [RegExp, string][] = [
  [/(\w:\/\/)[^\s/@"']*:[^\s/@"']*@/g, '$1[redacted]@'],
  [/[^\s"'<>()[\]{},;:=@/\\]+@[^\s"'<>()[\]{},;:=@/\\]+\.[\p{L}\d-]{2,}/gu, '[e-mail]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 [redacted]'],
  [/([?&](?:token|code|key|signature)=)[^&\s"']+/gi, '$1[redacted]'],
  [/\b(?:tok|sk|pk|whsec)_\w+/g, '[token]'],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '[token]'],
  [/\+\d(?:[ .()-]?\d){7,}/g, '[phone]'],
]
const suspicious = /[@?+]|:\/\/|bearer|basic|tok_|sk_|pk_|whsec_|eyJ/i

export const redactText = (text: string): string =>
  suspicious.test(text)
    ? looks.reduce((said, [look, instead]) => said.replace(look, instead), text)
    : text

const DEPTH_MAX = 6

/** The line as it may be printed and sent. */
export const redacted = (line: object): Record<string, unknown> => membersOf(line, 0)

const membersOf = (object: object, depth: number) =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name,
      personal.test(name) && isTold(value) ? '[redacted]' : valueOf(value, depth + 1),
    ]),
  )

const isTold = (value: unknown) => value !== undefined && value !== null && value !== false

const valueOf = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth > DEPTH_MAX) return '[deep]'
  if (value instanceof Error) return errorOf(value, depth)
  if (Array.isArray(value)) return value.map((one) => valueOf(one, depth + 1))
  return membersOf(value, depth)
}

// PostgreSQL's detail, where and hint, and what SMTP answered, hold the values that were sent.
const harmless = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'syscall', 'slug']

const errorOf = (error: Error, depth: number): object => {
  const message = messageOf(error)
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const told = harmless.flatMap((name) => {
    const value = (error as unknown as Record<string, unknown>)[name]
    return value === undefined || typeof value === 'object' ? [] : [[name, value] as const]
  })
  const { cause, errors } = error as { cause?: unknown; errors?: unknown }
  return {
    type: error.constructor.name,
    message,
    ...Object.fromEntries(told),
    stack: [`${error.name}: ${message}`, ...frames].join('\n'),
    ...(cause instanceof Error && { cause: valueOf(cause, depth + 1) }),
    ...(Array.isArray(errors) && { errors: valueOf(errors, depth + 1) }),
  }
}

// A value that PostgreSQL (class 22) or a parser could not read is quoted in what it says.
const messageOf = (error: Error) => {
  const isQuoting =
    error instanceof SyntaxError || ('severity' in error && codeOf(error).startsWith('22'))
  const message = isQuoting
    ? error.message.replaceAll(/(["'`]).*\1/gs, '[redacted]')
    : error.message
  return redactText(message)
}

const codeOf = (error: object) =>
  'code' in error && typeof error.code === 'string' ? error.code : ''
