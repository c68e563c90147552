/** A resource as Terraform reads it, snake_case and all. */
export type Config = Record<string, unknown>
export type Resources = Record<string, Record<string, Config>>

/** A whole stack, as it is synthesised. */
export type Stack = {
  resource?: Resources
  output?: Record<string, Config>
  terraform?: Config
}

/** Whom a rule looks at, and where it stands. */
export type Self = { type: string; name: string; stack: Stack }

export type Rule = {
  id: string
  /** What checkov and AWS Security Hub call it. Empty: the rule is our own. */
  checkov: string[]
  fsbp: string[]
  says: string
  on: string[]
  holds: (config: Config, self: Self) => boolean
  /** A resource called `it` that keeps the rule, and one that breaks it, each among others if need be. */
  good: Config
  bad: Config
  others?: { good?: Resources; bad?: Resources }
}

/** Blocks come as one object or as a list of them. */
export const blocks = (value: unknown): Config[] =>
  Array.isArray(value) ? (value as Config[]) : value ? [value as Config] : []

export const first = (value: unknown): Config => blocks(value)[0] ?? {}

/** Some switches of Terraform are spelled as text. */
export const isOn = (value: unknown) => value === true || value === 'true'

export const all = (stack: Stack, type: string) => Object.values(stack.resource?.[type] ?? {})

export const refersTo = (config: Config, { type, name }: Self) =>
  JSON.stringify(config).includes(`${type}.${name}.`)

/** Something of that type that belongs to the resource at hand. */
export const has = (type: string, self: Self, like: (config: Config) => boolean = () => true) =>
  all(self.stack, type).some((config) => refersTo(config, self) && like(config))

export type Granted = {
  Effect: string
  Action: string[]
  Resource: string[]
  Principal?: unknown
  Condition?: Record<string, Record<string, unknown>>
}

const list = (value: unknown) => (Array.isArray(value) ? value : [value]).map(String)

export const statements = (document: unknown): Granted[] => {
  if (typeof document !== 'string' || !document.startsWith('{')) return []
  const { Statement } = JSON.parse(document) as { Statement: (Granted & Config)[] }
  return Statement.map((one) => ({
    ...one,
    Action: list(one.Action),
    Resource: list(one.Resource),
  }))
}

export const allowed = (document: unknown) =>
  statements(document).filter(({ Effect }) => Effect === 'Allow')
