import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeLock } from './lock.ts'

describe('one release at a time', () => {
  let folder: string
  let said: string[]
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'aeroflash-lock-')), 'state')
    said = []
  })
  afterEach(() => rm(join(folder, '..'), { recursive: true }))
  const take = (what: string) => takeLock(folder, what, (line) => said.push(line))

  const leave = async (owner: object) => {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'lock'), JSON.stringify(owner))
  }
  const owner = { user: 'ana', what: 'a release', since: 'noon' }

  test('the second is told who is at it', async () => {
    const giveBack = await take('the release of 1.4')
    await expect(take('another')).rejects.toThrow(
      /the release of 1\.4, by .+ since .+ One at a time/,
    )
    await giveBack()
    await (
      await take('another')
    )()
    expect(await readdir(folder)).toEqual([])
  })

  test('of many who begin at once, one does', async () => {
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => take('a rush')))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('the lock of a release that died is taken over, and that is said', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    await leave({ ...owner, pid, host: hostname() })
    await take('the next')
    expect(said.join()).toContain('a release that died')
    expect(await readFile(join(folder, 'lock'), 'utf8')).toContain('the next')
  })

  test('that of another machine is not: nobody here can tell whether it lives', async () => {
    await leave({ ...owner, pid: 1, host: 'elsewhere' })
    await expect(take('the next')).rejects.toThrow('ana on elsewhere')
  })
})
