import { importsOf, isTest, linesOf, queriesOf, sliceOf } from './sources.ts'
import type { Import, Source } from './sources.ts'

/** A rule of the house: the sentences that say where it is broken, none when it is kept. */
export type Rule = (sources: Source[]) => string[]

const product = (sources: Source[]) => sources.filter(({ path }) => !isTest(path))
const inSlices = (sources: Source[]) => product(sources).filter(({ path }) => sliceOf(path))

// What the world hands to slices has its type where the world makes it.
const handedIn = new Set(['config.ts', 'mailer.ts'])

const isOwnWay = (slice: string, { from, isType }: Import) => {
  const other = sliceOf(from)
  if (other === slice || from.startsWith('kernel/')) return true
  if (other !== undefined) return isType && from === `slices/${other}/events.ts`
  return isType && handedIn.has(from)
}

const isOurs = ({ from }: Import) => from.endsWith('.ts') || from.endsWith('.json')

export const slicesKeepApart: Rule = (sources) =>
  inSlices(sources).flatMap((source) =>
    importsOf(source)
      .filter((used) => isOurs(used) && !isOwnWay(sliceOf(source.path)!, used))
      .map(({ from }) => `${source.path} imports ${from}`),
  )

export const kernelKnowsNoSlice: Rule = (sources) =>
  product(sources)
    .filter(({ path }) => path.startsWith('kernel/'))
    .flatMap((source) =>
      importsOf(source)
        .filter((used) => isOurs(used) && !used.from.startsWith('kernel/'))
        .map(({ from }) => `${source.path} imports ${from}`),
    )

const readsAnything = new Set(['reports', 'operations'])
const writing =
  /\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?)\s+(?:only\s+)?/

/** `schemas` are those that the migrations create: an alias with a dot is not one. */
export const slicesKeepToTheirSchema =
  (schemas: string[]): Rule =>
  (sources) => {
    const known = schemas.join('|')
    return inSlices(sources).flatMap((source) => {
      const slice = sliceOf(source.path)!
      return queriesOf(source).flatMap(({ name, text }) => {
        const touched = (pattern: string) =>
          [...text.matchAll(new RegExp(pattern, 'gi'))]
            .map(([, schema, table]) => ({ schema: schema!, table: `${schema}.${table}` }))
            .filter(({ schema }) => schema !== slice)
        const table = `\\b(${known})\\.(\\w+)`
        const written = touched(writing.source + table).map((t) => t.table)
        const read = readsAnything.has(slice) ? [] : touched(table).map((t) => t.table)
        const found = new Map([
          ...read.map((t) => [t, 'reads'] as const),
          ...written.map((t) => [t, 'writes'] as const),
        ])
        return [...found].map(([t, does]) => `${source.path}: ${name} ${does} ${t}`)
      })
    })
  }

const speaksToPostgres: Record<string, string> = {
  'kernel/database.ts': 'the one door',
  'kernel/connections.ts': 'what is behind it',
  'series.ts': 'counts the connections',
  'kernel/migrate.ts': 'before there is a schema, and on a connection of its own',
  'slices/flights/status-feed.ts': 'listens, for which a pooled connection is no use',
  'slices/identity/auth.ts': "hands the pool to better-auth's adapter",
  'local/postgres.ts': 'makes the database that others then connect to',
}

// load/ compares us with the bare driver; a fault takes hold of the pool itself.
const mayBypass = (path: string) =>
  path in speaksToPostgres || path.startsWith('load/') || path.startsWith('faults/')

export const oneDoorToPostgres: Rule = (sources) =>
  product(sources)
    .filter(({ path }) => !mayBypass(path))
    .flatMap((source) => {
      const imports = importsOf(source).filter(({ from }) => /^pg(-|$)/.test(from))
      const calls = [...source.text.matchAll(/(?<!\breq)\.query\s*\(/g)]
      return [
        ...imports.map(({ from }) => `${source.path} imports ${from}`),
        ...calls.map(() => `${source.path} calls .query()`),
      ]
    })

const environment = [
  /\bprocess\s*(\??\.\s*env\b|\[)/,
  /\benv\b[^}]*\}\s*=\s*process\b/,
  /from 'node:process'/,
  /\bimport\.meta\.env\b/,
]

const readsEnvironment: Record<string, string> = {
  'api.ts': 'hands it to config.ts',
  'worker.ts': 'hands it to config.ts',
  'migrate.ts': 'a tool: DATABASE_URL and nothing else',
  'first-data.ts': 'a tool: DATABASE_URL and what to fill it with',
  'grant-role.ts': 'a tool: DATABASE_URL and nothing else',
  'partners/server.ts': 'another process, with settings of its own',
  'local/switch-faults.ts': 'a tool: whose token, and where npm start has its secrets',
  'local.ts': 'hands it to local/settings.ts',
  'local/children.ts': 'passes it on to the processes it starts',
  'local/postgres-folder.ts': 'passes it on to initdb',
  'local/postgres-process.ts': 'passes it on to PostgreSQL',
}

export const environmentIsReadOnce: Rule = (sources) =>
  product(sources)
    .filter(({ path }) => !(path in readsEnvironment) && !path.startsWith('load/'))
    .filter(({ text }) => environment.some((way) => way.test(text)))
    .map(({ path }) => `${path} reads the environment`)

const kernelFamilies = ['idempotency', 'outbox', 'migrations']

/** A slice's own name; else the file's or its folder's; tables without a slice have the kernel's. */
const familiesOf = (path: string, schemas: string[]) => {
  const slice = sliceOf(path)
  if (slice) return [slice]
  if (path.startsWith('kernel/')) return kernelFamilies
  return [...path.replace(/\.ts$/, '').split('/'), ...kernelFamilies, ...schemas]
}

export const statementsHaveOneName =
  (schemas: string[]): Rule =>
  (sources) => {
    const all = product(sources).flatMap((source) =>
      queriesOf(source).map(({ name }) => ({ name, path: source.path })),
    )
    const byName = Map.groupBy(all, ({ name }) => name)
    const shared = [...byName].filter(([, uses]) => uses.length > 1)
    const strange = all.filter(({ name, path }) => {
      const [family = ''] = name.split('.')
      const isWellFormed = /^[a-z]+\.[a-z0-9_]+$/.test(name) && name.length <= 63
      return !isWellFormed || !familiesOf(path, schemas).includes(family)
    })
    return [
      ...shared.map(([name, uses]) => `${name} is ${uses.map(({ path }) => path).join(' and ')}`),
      ...strange.map(({ name, path }) => `${path} calls a statement ${name}`),
      ...product(sources).flatMap(namelessIn),
    ]
  }

// A name that is computed could be two texts, and no dashboard leads back from it.
const namelessIn = (source: Source) => {
  const uses = [...source.text.matchAll(/(?<![\w.])sql\s*(?:\(|`)/g)].length
  const named = queriesOf(source).length
  return uses === named || source.path === 'kernel/sql.ts'
    ? []
    : [`${source.path} has a statement whose name is not written out`]
}

const LINES_MAX = 200
const TEST_LINES_MAX = 300

export const filesAreShort: Rule = (sources) =>
  sources
    .map((source) => ({ path: source.path, lines: linesOf(source) }))
    .filter(({ path, lines }) => lines > (isTest(path) ? TEST_LINES_MAX : LINES_MAX))
    .map(({ path, lines }) => `${path} has ${lines} lines`)

// pino finds a transport by its default export.
const isLoadedByDefault = (path: string) =>
  path.endsWith('.config.ts') || path === 'logging/loki-transport.ts'

export const exportsAreNamed: Rule = (sources) =>
  sources
    .filter(({ path }) => !isLoadedByDefault(path))
    .filter(({ text }) => /^export\s+default\b|^export\s*\{[^}]*\bas\s+default\b/m.test(text))
    .map(({ path }) => `${path} has a default export`)

/** Save the types that a slice publishes in its events.ts: that is what the file is for. */
export const noBarrels: Rule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const passedOn = [...text.matchAll(/^export\s+(type\s+)?(\*|\{[^}]*\})[^'\n]*from\s+'\./gm)]
    const isPublishing = path.endsWith('/events.ts') && passedOn.every(([, type]) => type)
    return [
      ...(/(^|\/)index\.ts$/.test(path) ? [`${path} is an index file`] : []),
      ...(passedOn.length > 0 && !isPublishing
        ? [`${path} passes on what another file exports`]
        : []),
    ]
  })
