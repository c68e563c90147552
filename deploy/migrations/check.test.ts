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
    ['create or replace function a.f() returns int language sql as $$ select 1 $$', 'not known'],
    ['do $$ begin perform 1; end $$', 'not known'],
    ['lock table a.b', 'not known'],
    ['create table a.c (d int);\nDROP\n TABLE a.b', 'may still use it'],
  ])('%s', (text, why) => {
    const found = refused(text)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(why)
  })
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
})
