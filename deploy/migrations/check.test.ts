import { readFile, readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { refusalsOf } from './check.ts'

const refused = (text: string, usage: Record<string, string[]> = {}) =>
  refusalsOf([{ name: '1_a', text }], (word) => usage[word] ?? [])

const folder = new URL('../../app/backend/migrations/', import.meta.url)

test('all migrations that we have could be released onto an empty database at once', async () => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql'))
  const all = names.map(async (name) => ({
    name,
    text: await readFile(new URL(name, folder), 'utf8'),
  }))
  expect(names.length).toBeGreaterThan(7)
  expect(refusalsOf(await Promise.all(all), () => [])).toEqual([])
})

describe('the running version goes on beside', () => {
  test.each([
    'create table seats.notes (id uuid primary key, text text not null)',
    'create table a.b (c int); create index b_c on a.b (c); alter table a.b add check (c > 0)',
    'alter table seats.units add column note text',
    "alter table seats.units add column note text not null default 'x; drop table y'",
    'alter table seats.units add seen_at timestamptz default now()',
    'create index concurrently if not exists units_note on seats.units (note)',
    'alter table a.b drop constraint c, add constraint c check (d in (1, 2)) not valid',
    'alter table a.b validate constraint c',
    'alter table a.b alter column c drop not null',
    "update a.b set c = 1 where c is null; insert into a.b values ('drop')",
    "alter table seats.units add column note text default '' not null",
    'alter table a.b add c numeric(10, 2) not null default (0)::numeric(10, 2), add d date default current_date',
    "alter table a.b add seen_at timestamptz default now() + interval '1 day'",
    'create table a.n (c int); create unique index on a.n (c); update a.n set c = 1; drop table a.n',
    'create table a.n (c int); alter table a.n add d int; insert into a.n select c from a.b',
    "alter table a.b add c text; insert into a.d values ('x')",
    'with seen as (select c from a.b) insert into a.d (c) select c from seen',
    'with old (c) as (select c from a.b), some as (select 1) update a.d set c = 1 where c in (2)',
    '/* drop table a */ comment on table a.b is $$drop table a;$$ -- drop',
    'create function a.f() returns int language sql as $body$ delete from a.b; select 1 $body$',
  ])('%s', (text) => expect(refused(text)).toEqual([]))
})

describe('the running version could not live with', () => {
  test.each([
    ['drop table seats.units', 'may still use it'],
    ['alter table seats.units drop column note', 'may still use it'],
    ['alter table seats.units rename column note to remark', 'may still use it'],
    ['alter table seats.units rename to places', 'may still use it'],
    ['alter table only "seats"."units" add column note text not null', 'without a default'],
    ['alter table seats.units add column id uuid default gen_random_uuid()', 'rewrites'],
    ['alter table seats.units add column n bigserial', 'rewritten'],
    ['alter table seats.units add column a int, alter column note type int', 'the old type'],
    ['alter table seats.units alter column note set not null', 'may write null'],
    ['alter table a.b add constraint c check (d > 0)', 'not valid'],
    ['alter table a.b add constraint c check (d > 0) not valid', 'what it refuses'],
    ['alter table a.b add column c uuid references d.e', 'under a lock'],
    ['create index units_note on seats.units (note)', 'say concurrently'],
    ['drop index seats.units_free', 'say concurrently'],
    ['update seats.units set note = 1', 'in turns'],
    ['truncate seats.units', 'reads it'],
    ['update a.b set c = (select d from a.e where e.id = b.id)', 'in turns'],
    ['drop owned by somebody', 'not known'],
    [
      'alter table a.b drop constraint c cascade, add constraint c check (d) not valid',
      'cascade',
      2,
    ],
    ['create or replace function a.f() returns int language sql as $$ select 1 $$', 'not known'],
    ['do $$ begin perform 1; end $$', 'not known'],
    ['lock table a.b', 'not known'],
    ['create table a.c (d int);\nDROP\n TABLE a.b', 'may still use it'],
    ['drop table if exists a.b; create table a.b (c int)', 'may still use it'],
    ['drop table if exists a.b; create table a.b (c int); drop table a.b', 'may still use it', 2],
    ['create table if not exists a.b (c int); alter table a.b drop column c', 'may still use it'],
    ['create table a.c (d int); drop table a.c, a.b', 'may still use it'],
    ['create table a.c (d int); truncate a.c, only a.b', 'reads it'],
    ['alter table seats.units drop note', 'may still use it'],
    ['drop materialized view a.c', 'may still use it'],
    ['drop index concurrently payments.payments_one_live', 'may need it'],
    ['create unique index concurrently b_c on a.b (c)', 'what it refuses'],
    ['with gone as (delete from a.b returning *) select count(*) from gone', 'reads it'],
    ['with gone as (delete from a.b returning *) insert into a.c select * from gone', 'reads it'],
    ['with a as (with b as (update a.b set c = 1 returning c) select 1) select 1', 'in turns'],
    ['with a as (select 1 where true) update a.b set c = 1', 'in turns'],
    ['with a as (select 1) search depth first by b set c delete from a.b', 'not known'],
    ['alter table a.b add column c uuid default uuid_generate_v4()', 'rewrites'],
    ['alter table a.b add c int default (1 + a.f()) not null', 'rewrites'],
    ['alter table a.b add c text default null not null', 'without a default'],
  ])('%s', (text, why, times = 1) => {
    const found = refused(text)
    expect(found).toHaveLength(times)
    for (const sentence of found) expect(sentence).toContain(why)
  })
})

describe('one file is one transaction: what an alter locks waits for all that stands beside it', () => {
  const adding = 'alter table bookings.bookings add column channel text;'

  test.each([
    "update bookings.bookings set channel = 'web' where channel is null",
    'delete from bookings.bookings where channel is null',
    'insert into bookings.bookings (id) select id from bookings.old',
    'with old as (select id from a.b) insert into bookings.bookings select id from old',
    'alter table bookings.bookings validate constraint c',
  ])('%s', (text) => {
    const found = refused(`${adding} ${text}`)
    expect(found.at(-1)).toContain('in a migration of its own')
    expect(refused(`${text}; ${adding}`).join()).toContain('in a migration of its own')
  })

  test('in a file of its own it goes', () => {
    const text = "update bookings.bookings set channel = 'web' where channel is null"
    const both = [
      { name: '1_a', text: adding },
      { name: '2_b', text },
    ]
    expect(refusalsOf(both, () => [])).toEqual([])
  })

  test('so does it in one statement', () =>
    expect(refused('alter table a.b add d int, validate constraint c')).toHaveLength(1))
})

test('a table is new only in files after the one that creates it', () => {
  const both = [
    { name: '2_b', text: 'create table a.b (c int)' },
    { name: '1_a', text: 'drop table a.b' },
  ]
  expect(refusalsOf(both, () => [])).toHaveLength(1)
  expect(refusalsOf([{ name: '3_c', text: 'alter table a.b drop c' }, both[0]!], () => [])).toEqual(
    [],
  )
})

describe('what takes something away is a contract', () => {
  const dropping = '-- contract: nobody reads notes since 1.4\nalter table a.b drop column note;'

  test('it may go when the running version does not say its name', () => {
    expect(refused(dropping)).toEqual([])
  })

  test('it stays while the running version says its name, and the place is told', () => {
    expect(refused(dropping, { note: ['slices/a/b.ts:7'] })).toEqual([
      '1_a takes note away, which the running version uses (slices/a/b.ts:7)',
    ])
  })

  test('it is released alone', () => {
    const adding = { name: '2_b', text: 'alter table a.b add column remark text' }
    const both = refusalsOf([{ name: '1_a', text: dropping }, adding], () => [])
    expect(both).toEqual(['1_a is a contract: release it alone, after the others'])
  })

  test('it excuses no lock and nothing that breaks', () => {
    const mark = '-- contract: because\n'
    expect(refused(`${mark}create index a on b.c (d)`)).toHaveLength(1)
    expect(refused(`${mark}alter table a.b add column c int not null`)).toHaveLength(1)
  })

  test.each([
    'alter table seats.units rename to places',
    'alter table seats.units set schema places',
    'alter type a.b rename value x to y',
    'drop table a.b cascade',
    'alter table a.b drop column c cascade',
    'do $$ begin perform 1; end $$',
    'lock table a.b',
    'vacuum full',
  ])('it excuses nothing that cannot be looked for by name: %s', (text) =>
    expect(refused(`-- contract: because\n${text}`)).toHaveLength(1),
  )

  test.each([
    ['alter table a.b drop note', 'note'],
    ['drop table a.b, only_a.notes', 'notes'],
    ['truncate a.b, only a.notes restart identity', 'notes'],
    ['drop materialized view if exists a.notes', 'notes'],
    ['drop function a.f(int, text), a.notes()', 'notes'],
    ['with gone as (delete from only a.notes) select 1', 'notes'],
    ['alter table a.b rename note to remark', 'note'],
  ])('each name that it takes away is looked for: %s', (text, word) => {
    const contract = `-- contract: because\n${text}`
    expect(refused(contract)).toEqual([])
    expect(refused(contract, { [word]: ['a.ts:7'] })).toEqual([
      `1_a takes ${word} away, which the running version uses (a.ts:7)`,
    ])
  })

  test('so does a constraint, and a trigger', () => {
    const dropping = 'alter table a.b drop constraint b_c_key; drop trigger t on a.b'
    expect(refused(`-- contract: because\n${dropping}`)).toHaveLength(2)
    expect(refused(`-- contract: nothing needs b_c_key or t\n${dropping}`)).toEqual([])
  })

  test.each([
    'alter table a.b add constraint positive check (d > 0) not valid',
    'create unique index concurrently if not exists positive on a.b (c)',
  ])('what refuses more than before comes when its head names it: %s', (text) => {
    expect(refused(`-- contract: because\n${text}`)[0]).toContain('by the name positive')
    expect(refused(`-- contract: all rows are positive since 1.4\n${text}`)).toEqual([])
  })

  test('an index goes when its head names it, for code says its columns and not its name', () => {
    const dropping = 'drop index concurrently if exists payments.payments_one_live'
    expect(refused(`-- contract: because\n${dropping}`)[0]).toContain('payments_one_live')
    const named = `-- contract: no "on conflict"\n-- needs payments_one_live since 1.4\n${dropping}`
    expect(refused(named)).toEqual([])
    expect(refused(named, { payments_one_live: ['a.ts:7'] })).toHaveLength(1)
    expect(refused(named.replace('concurrently ', ''))).toHaveLength(1)
  })
})
