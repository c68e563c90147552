import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { historyOf, previousOf, remember } from './history.ts'
import type { Entry } from './history.ts'
import { writeSettings } from './settings-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aeroflash-history-'))
})
afterEach(() => rm(folder, { recursive: true }))

const entry = (version: string, result: Entry['result']): Entry => ({
  version,
  commit: 'c',
  image: `api:${version}`,
  id: `sha256:${version}`,
  at: 'noon',
  environment: 'local',
  result,
  previous: '',
  by: 'ana',
  seconds: 1,
  why: '',
})

describe('what served before', () => {
  const before = (now: string, ...entries: [string, Entry['result']][]) =>
    previousOf(
      entries.map(([version, result]) => entry(version, result)),
      `sha256:${now}`,
    )?.version

  test('is the release before', () => expect(before('2', ['1', 'live'], ['2', 'live'])).toBe('1'))

  test('is the one before what could not be taken back, while that serves', () => {
    expect(before('2', ['1', 'live'], ['2', 'not taken back'])).toBe('1')
    expect(before('3', ['1', 'live'], ['2', 'not taken back'], ['3', 'live'])).toBe('1')
  })

  test('is none that only brought its migrations', () =>
    expect(before('3', ['1', 'live'], ['2', 'expanded'], ['3', 'live'])).toBe('1'))

  test('is none that was taken back', () =>
    expect(before('3', ['1', 'live'], ['2', 'taken back'], ['3', 'live'])).toBe('1'))

  test('is, after going back, the one before that', () =>
    expect(before('2', ['1', 'live'], ['2', 'live'], ['3', 'live'], ['2', 'rolled back'])).toBe(
      '1',
    ))

  test('is what was gone back to, after the next release', () =>
    expect(before('3', ['1', 'live'], ['2', 'live'], ['1', 'rolled back'], ['3', 'live'])).toBe(
      '1',
    ))

  test('is unknown at first', () => {
    expect(before('1', ['1', 'live'])).toBeUndefined()
    expect(before('9', ['1', 'live'], ['2', 'live'])).toBeUndefined()
  })
})

test('each release is a line that stays', async () => {
  await remember(folder, entry('1', 'live'))
  await remember(folder, entry('2', 'taken back'))
  expect((await historyOf(folder)).map(({ version, result }) => [version, result])).toEqual([
    ['1', 'live'],
    ['2', 'taken back'],
  ])
})

test('of the settings, only what a release decides is changed, and nobody else may read them', async () => {
  const file = join(folder, '.env')
  await writeFile(file, '# mine\nAUTH_SECRET=a=b\nWORKER_IMAGE=api:1\n', { mode: 0o600 })
  await writeSettings(file, { WORKER_IMAGE: 'api:2', API_BLUE_REPLICAS: '2' })
  const text = await readFile(file, 'utf8')
  expect(text).toBe('# mine\nAUTH_SECRET=a=b\nWORKER_IMAGE=api:2\nAPI_BLUE_REPLICAS=2\n')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})
