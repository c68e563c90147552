import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Entry } from '../release/history.ts'
import { remember } from '../release/history.ts'
import { checkGoingBack } from '../release/migrations.ts'
import type { Needs, Running } from '../release/needs.ts'

let stateFolder: string
beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'aeroflash-going-back-'))
})
afterEach(() => rm(stateFolder, { recursive: true }))

const contract =
  '-- contract: nobody reads notes since 2\nalter table seats.units drop column note;'
const images: Record<string, Record<string, string>> = {
  v1: { 'slices/seats/find.ts': 'sql`\n  select note`', 'migrations/1_a.sql': 'create schema a' },
  v2: {
    'slices/seats/find.ts': 'sql`select remark`',
    'migrations/1_a.sql': 'create schema a',
    'migrations/2_b.sql': 'alter table seats.units add column remark text',
  },
}
images.v3 = { ...images.v2, 'migrations/3_c.sql': contract }

const build = (version: string) => ({ version, commit: 'c', image: version, id: version })

const said: string[] = []

const goBack = (from: string, to: string) => {
  const docker = async ([verb, what, where]: string[]) => {
    if (verb === 'create' && !images[what!]) throw new Error('No such image')
    if (verb === 'cp')
      for (const [path, text] of Object.entries(images[what!.split(':')[0]!]!)) {
        const file = join(where!, 'backend', path)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, text)
      }
    return what!
  }
  const say = (line: string) => void said.push(line)
  const needs = { docker: { docker }, environment: { stateFolder }, say } as unknown as Needs
  return checkGoingBack(needs, { build: build(from) } as Running, build(to))
}

const served = async (...entries: [string, Entry['result'], string?][]) => {
  for (const [version, result, why = ''] of entries)
    await remember(stateFolder, { ...build(version), result, why } as Entry)
}

test('the version that stopped using what a contract takes away can serve again', async () => {
  await expect(goBack('v3', 'v2')).resolves.toBeUndefined()
})

test('the one before that uses it and cannot', async () => {
  await expect(goBack('v3', 'v1')).rejects.toThrow(
    'v1 cannot serve again: 3_c.sql took note away, which it uses (slices/seats/find.ts:2)',
  )
})

test('nor can it after going back once: the schema has stayed as the newest left it', async () => {
  await served(['v1', 'live'], ['v2', 'live'], ['v3', 'live'], ['v2', 'rolled back'])
  await expect(goBack('v2', 'v1')).rejects.toThrow('3_c.sql took note away')
})

test('nor when the release with the contract was taken back', async () => {
  await served(['v1', 'live'], ['v2', 'live'], ['v3', 'taken back', 'error ratio 10 %'])
  await expect(goBack('v2', 'v1')).rejects.toThrow('3_c.sql took note away')
})

test('a contract that was refused has taken nothing away', async () => {
  const why = 'v2, which serves, could not live with the migrations:\n  x'
  await served(['v1', 'live'], ['v2', 'live'], ['v3', 'taken back', why])
  await expect(goBack('v2', 'v1')).resolves.toBeUndefined()
})

test('of a build whose image is gone it is said that nobody looked', async () => {
  await served(['v1', 'live'], ['v2', 'live'], ['gone', 'taken back', 'slow'])
  await expect(goBack('v2', 'v1')).resolves.toBeUndefined()
  expect(said.join()).toContain('gone')
})
