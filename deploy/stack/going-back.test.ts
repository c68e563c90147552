import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { environmentsOf } from '../environments.ts'
import { isCompose } from '../order.ts'
import { dockerOf } from '../release/docker.ts'
import type { Entry } from '../release/history.ts'
import { remember } from '../release/history.ts'
import { checkGoingBack } from '../release/migrations.ts'
import { docker, hasDocker, titleOf } from './stack.ts'

const contract =
  '-- contract: nobody reads notes since 2\nalter table seats.units drop column note;'
const v1 = {
  'slices/seats/find.ts': 'sql`\n  select note`',
  'migrations/1_a.sql': 'create schema a',
}
const v2 = {
  'slices/seats/find.ts': 'sql`select remark`',
  'migrations/1_a.sql': 'create schema a',
  'migrations/2_b.sql': 'alter table seats.units add column remark text',
}
const versions = { v1, v2, v3: { ...v2, 'migrations/3_c.sql': contract } }

describe.skipIf(!hasDocker)(titleOf('what a contract took away'), () => {
  let folder: string
  let stateFolder: string
  const ids: Record<string, string> = { gone: `sha256:${'0'.repeat(64)}` }
  const said: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aeroflash-going-back-'))
    for (const [version, files] of Object.entries(versions))
      ids[version] = await makeImage(join(folder, version), files)
  })
  afterAll(async () => {
    for (const version of Object.keys(versions)) await docker('image', 'rm', ids[version]!)
    await rm(folder, { recursive: true })
  })
  beforeEach(async () => {
    stateFolder = await mkdtemp(join(folder, 'releases-'))
  })

  const build = (version: string) => ({
    version,
    commit: 'c',
    image: ids[version]!,
    id: ids[version]!,
  })

  const goBack = (from: string, to: string) => {
    const [local] = environmentsOf({ RELEASES_FOLDER: stateFolder }).filter(isCompose)
    const say = (line: string) => void said.push(line)
    const needs = { environment: local!, docker: dockerOf(local!), say }
    return checkGoingBack(needs, { build: build(from) }, build(to))
  }

  const served = async (...entries: [string, Entry['result']][]) => {
    const about = { at: 'noon', environment: 'local', previous: '', by: 'ana', seconds: 1, why: '' }
    for (const [version, result] of entries)
      await remember(stateFolder, { ...build(version), ...about, result })
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
    await served(['v1', 'live'], ['v2', 'live'], ['v3', 'expanded'], ['v3', 'live'])
    await served(['v2', 'rolled back'])
    await expect(goBack('v2', 'v1')).rejects.toThrow('3_c.sql took note away')
  })

  test('nor when the release with the contract was taken back', async () => {
    await served(['v1', 'live'], ['v2', 'live'], ['v3', 'expanded'], ['v3', 'taken back'])
    await expect(goBack('v2', 'v1')).rejects.toThrow('3_c.sql took note away')
  })

  test('a contract that was refused, or has failed, has taken nothing away', async () => {
    await served(['v1', 'live'], ['v2', 'live'], ['v3', 'taken back'])
    await expect(goBack('v2', 'v1')).resolves.toBeUndefined()
  })

  test('of a build whose image is gone it is said that nobody looked', async () => {
    await served(['v1', 'live'], ['v2', 'live'], ['gone', 'expanded'])
    await expect(goBack('v2', 'v1')).resolves.toBeUndefined()
    expect(said.join()).toContain('gone')
  })
})

/** An image that holds these files as the backend's, and nothing that runs. */
const makeImage = async (context: string, files: Record<string, string>) => {
  for (const [path, text] of Object.entries(files)) {
    const file = join(context, 'backend', path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  const recipe = 'FROM scratch\nCOPY backend /aeroflash/app/backend\nCMD ["nothing"]\n'
  await writeFile(join(context, 'Dockerfile'), recipe)
  return docker('build', '--quiet', context)
}
