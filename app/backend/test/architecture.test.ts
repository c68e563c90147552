import { describe, expect, test } from 'vitest'
import * as rules from './house-rules.ts'
import type { Rule } from './house-rules.ts'
import { isTest, linesOf, queriesOf, readSources, sliceOf } from './sources.ts'
import type { Source } from './sources.ts'

const sources = await readSources('.ts')
const migrations = await readSources('.sql', 'migrations')
const schemas = migrations.flatMap(({ text }) =>
  [...text.matchAll(/create schema (?:if not exists )?(\w+)/g)].map(([, name]) => name!),
)
const slices = [...new Set(sources.flatMap(({ path }) => sliceOf(path) ?? []))]

const slicesKeepToTheirSchema = rules.slicesKeepToTheirSchema(schemas)
const statementsHaveOneName = rules.statementsHaveOneName(schemas)
describe('what we have', () => {
  test('all of it is looked at', () => {
    expect(sources.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['app.ts', 'kernel/database.ts', 'test/architecture.test.ts']),
    )
    expect(slices.length).toBeGreaterThanOrEqual(8)
    expect(schemas).toEqual(expect.arrayContaining(['bookings', 'seats', 'outbox']))
    expect(sources.flatMap(queriesOf).length).toBeGreaterThan(100)
  })

  test('a slice imports only itself, the kernel, the types of events that others publish, and the types of what it is handed', () => {
    expect(rules.slicesKeepApart(sources)).toEqual([])
  })

  test('the kernel knows no slice', () => {
    expect(rules.kernelKnowsNoSlice(sources)).toEqual([])
  })

  test('the kernel is small', () => {
    const kernel = sources.filter(({ path }) => path.startsWith('kernel/') && !isTest(path))
    const lines = kernel.reduce((sum, source) => sum + linesOf(source), 0)
    const think =
      'Think first: what enters the kernel is carried by every slice. Do three of them need it?'
    expect(kernel.length, think).toBeLessThanOrEqual(24)
    expect(lines, think).toBeLessThanOrEqual(1_800)
  })

  test('a slice writes to the schema that has its name and reads no other; reports and operations read any', () => {
    expect(slicesKeepToTheirSchema(sources)).toEqual([])
  })

  test('PostgreSQL is spoken to through kernel/database.ts', () => {
    expect(rules.oneDoorToPostgres(sources)).toEqual([])
  })

  test('the environment is read where a process begins, and nowhere else', () => {
    expect(rules.environmentIsReadOnce(sources)).toEqual([])
  })

  test('each statement has a name of its own that begins with the name of its slice', () => {
    expect(statementsHaveOneName(sources)).toEqual([])
  })

  test('files are short', () => {
    expect(rules.filesAreShort(sources)).toEqual([])
  })

  test('exports have names, and come from the file that makes them', () => {
    expect(rules.exportsAreNamed(sources)).toEqual([])
    expect(rules.noBarrels(sources)).toEqual([])
  })
})

const file = (path: string, text: string): Source[] => [{ path, text }]
const lines = (count: number) => 'const a = 1\n'.repeat(count)
const query = (name: string, text: string) => `db.rows(sql('${name}')\`${text}\`)`

describe('trespassers are caught', () => {
  const trespasses: [string, Rule, Source[]][] = [
    [
      'a slice that imports the command of another',
      rules.slicesKeepApart,
      file('slices/offers/a.ts', `import { holdSeats } from '../seats/commands/hold-seats.ts'`),
    ],
    [
      'a slice that imports over several lines',
      rules.slicesKeepApart,
      file('slices/offers/queries/a.ts', `import {\n  a,\n  b,\n} from '../../seats/layout.ts'`),
    ],
    [
      'a slice that takes more than the types of the events of another',
      rules.slicesKeepApart,
      file('slices/offers/a.ts', `import { seatHeld } from '../seats/events.ts'`),
    ],
    [
      'a slice that imports another in passing',
      rules.slicesKeepApart,
      file('slices/offers/a.ts', `const a = await import('../seats/layout.ts')`),
    ],
    [
      'a slice that passes on what another exports',
      rules.slicesKeepApart,
      file('slices/offers/a.ts', `export { seatsOf } from '../seats/layout.ts'`),
    ],
    [
      'a slice that makes its own world',
      rules.slicesKeepApart,
      file('slices/offers/a.ts', `import { openWorld } from '../../world.ts'`),
    ],
    [
      'a kernel that imports a slice',
      rules.kernelKnowsNoSlice,
      file('kernel/a.ts', `import type { Offer } from '../slices/offers/events.ts'`),
    ],
    [
      'a slice that writes to the schema of another',
      slicesKeepToTheirSchema,
      file('slices/offers/a.ts', query('offers.a', 'Update\n  seats.units set status = 1')),
    ],
    [
      'a slice that writes to the schema of another from within a query',
      slicesKeepToTheirSchema,
      file('slices/offers/a.ts', query('offers.a', 'with a as (delete from seats.units) select 1')),
    ],
    [
      'a slice that reads from the schema of another',
      slicesKeepToTheirSchema,
      file('slices/offers/a.ts', query('offers.a', 'select 1 from offers.offers, seats.units')),
    ],
    [
      'a report that writes',
      slicesKeepToTheirSchema,
      file('slices/reports/a.ts', query('reports.a', 'insert into bookings.lines values (${1})')),
    ],
    [
      'a slice that asks the pool itself',
      rules.oneDoorToPostgres,
      file('slices/offers/a.ts', `await needs.pool.query('select 1')`),
    ],
    [
      'a slice that opens a connection',
      rules.oneDoorToPostgres,
      file('slices/offers/a.ts', `import { Client } from 'pg'`),
    ],
    [
      'a slice that reads the environment',
      rules.environmentIsReadOnce,
      file('slices/offers/a.ts', `if (process.env.NODE_ENV === 'test') return`),
    ],
    [
      'a slice that reads the environment by another way',
      rules.environmentIsReadOnce,
      file('slices/offers/a.ts', `const { NODE_ENV } = process\n  .env`),
    ],
    [
      'a slice that reads the environment by yet another way',
      rules.environmentIsReadOnce,
      file('slices/offers/a.ts', `const { env } = process`),
    ],
    [
      'a name for two statements',
      statementsHaveOneName,
      [
        ...file('slices/offers/a.ts', query('offers.a', 'select 1')),
        ...file('slices/offers/b.ts', query('offers.a', 'select 2')),
      ],
    ],
    [
      'a statement with the name of another slice',
      statementsHaveOneName,
      file('slices/offers/a.ts', query('seats.a', 'select 1')),
    ],
    [
      'a statement of the kernel with the name of a slice',
      statementsHaveOneName,
      file('kernel/a.ts', query('seats.a', 'select 1')),
    ],
    [
      'a name longer than PostgreSQL keeps',
      statementsHaveOneName,
      file('slices/offers/a.ts', query(`offers.${'a'.repeat(60)}`, 'select 1')),
    ],
    [
      'a name that is computed',
      statementsHaveOneName,
      file('slices/offers/a.ts', 'db.rows(sql(`offers.${which}`)`select 1`)'),
    ],
    ['a long file', rules.filesAreShort, file('slices/offers/a.ts', lines(201))],
    ['a long test', rules.filesAreShort, file('test/a.test.ts', lines(301))],
    ['a default export', rules.exportsAreNamed, file('a.ts', 'export default 1')],
    [
      'a default export by another way',
      rules.exportsAreNamed,
      file('a.ts', 'export { a as default }'),
    ],
    ['a barrel', rules.noBarrels, file('slices/offers/all.ts', `export * from './quote.ts'`)],
    ['an index', rules.noBarrels, file('slices/offers/index.ts', 'export const a = 1')],
  ]

  test.each(trespasses)('%s', (_, rule, sample) => {
    expect(rule(sample)).toHaveLength(1)
  })

  const allowed: [string, Rule, Source[]][] = [
    [
      'a slice may know the events of another, and the type of what it is handed',
      rules.slicesKeepApart,
      file(
        'slices/offers/a.ts',
        `import type { Unit } from '../seats/events.ts'\nimport type { Mail } from '../../mailer.ts'`,
      ),
    ],
    [
      'operations may read anything',
      slicesKeepToTheirSchema,
      file('slices/operations/a.ts', query('operations.a', 'select 1 from outbox.events')),
    ],
    [
      'a request has a query too',
      rules.oneDoorToPostgres,
      file('slices/offers/a.ts', `c.req.query('to')`),
    ],
  ]

  test.each(allowed)('but %s', (_, rule, sample) => {
    expect(rule(sample)).toEqual([])
  })
})
