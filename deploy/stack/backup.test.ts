import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openShop } from './shop.ts'
import { hasDocker, patience, prepareStack, shell, titleOf } from './stack.ts'
import type { Stack } from './stack.ts'

const RECOVERY_SECONDS_MAX = 180

describe.skipIf(!hasDocker)(titleOf('backups, back in time, and a machine that is lost'), () => {
  let stack: Stack
  let key: string

  beforeAll(async () => {
    stack = await prepareStack('backup', { COMPOSE_PROFILES: '', SCHEDULE_DAYS: '20' })
    key = parseEnv(readFileSync(stack.settingsFile, 'utf8')).BACKUP_KEY!
    await stack.compose('build', '--quiet')
    await stack.up()
  })
  afterAll(() => stack?.remove())

  const program = (name: string, words: string[] = [], environment: Record<string, string> = {}) =>
    shell(process.execPath, [`deploy/backup/${name}.ts`, ...words], {
      SETTINGS_FILE: stack.settingsFile,
      ...environment,
    })
  const sql = (statement: string) => stack.sql(statement)
  const bookings = async () => Number(await sql('select count(*) from bookings.bookings'))
  const sell = async (seats: number) => {
    const shop = await openShop(stack.siteUrl, 4)
    while (shop.sold.length < seats) await wait(50)
    await shop.close()
    expect(shop.odd).toEqual([])
  }
  const folder = () => join(stack.folder, 'backups')
  const newest = () =>
    join(
      folder(),
      readdirSync(folder())
        .filter((name) => /^\d/.test(name))
        .toSorted()
        .at(-1)!,
    )

  test(
    'a backup is taken of the running stack, encrypted, and proved by restoring it',
    { timeout: 600_000 },
    async () => {
      await sell(20)
      const count = await bookings()
      const said = await program('backup')
      process.stdout.write(`${said}\n`)
      expect(said).toContain(`checked: ${count} bookings; restored and audited`)
      expect(await stack.compose('ls', '--all', '--filter', 'name=check')).not.toContain('check')
      for (const name of readdirSync(newest())) {
        const content = readFileSync(join(newest(), name))
        expect(content.includes('ana@aeroflash.example'), name).toBe(false)
        expect(content.includes(key), name).toBe(false)
      }
    },
  )

  test('a backup that was touched, or another key, is refused before anything is done', async () => {
    const base = join(newest(), 'base.sealed')
    const content = readFileSync(base)
    const touched = Buffer.from(content)
    touched[touched.length >> 1]! ^= 1
    writeFileSync(base, touched)
    const before = await bookings()
    await expect(program('restore', ['latest', '--replace'])).rejects.toThrow(
      /damaged, or the key is another/,
    )
    writeFileSync(base, content)
    const otherKey = { BACKUP_KEY: 'another-key-another-key-another-key' }
    await expect(program('restore', ['latest', '--replace'], otherKey)).rejects.toThrow(
      /damaged, or the key is another/,
    )
    await expect(program('restore', ['latest'])).rejects.toThrow(/--replace/)
    expect(await bookings()).toBe(before)
    expect((await fetch(`${stack.siteUrl}/api/readyz`)).status).toBe(200)
  })

  test(
    'a mistake is undone: the database goes back to the moment before it',
    { timeout: 600_000 },
    async () => {
      await sell(10)
      const count = await bookings()
      const before = await sql(
        `select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
      )
      await wait(1500)
      await sql('truncate bookings.bookings cascade')
      expect(await bookings()).toBe(0)
      const said = await program('restore', ['latest', '--to', before, '--replace'])
      process.stdout.write(`${said}\n`)
      expect(await bookings()).toBe(count)
      await expect
        .poll(
          async () => (await fetch(`${stack.siteUrl}/api/readyz`).catch(() => undefined))?.status,
          { timeout: 30_000, interval: 500 },
        )
        .toBe(200)
      await sell(3)
      expect(await stack.audit()).not.toContain('BROKEN')
    },
  )

  test('from the repository, a backup and its key to serving again', async () => {
    await sell(5)
    const count = await bookings()
    await sql('select pg_switch_wal()')
    const archives =
      'select last_archived_wal is not null and failed_count = 0 from pg_stat_archiver'
    await expect.poll(() => sql(archives), { timeout: 30_000 }).toBe('t')
    await wait(2000)
    await program('backup', ['--wal'])

    await stack.compose('down', '--volumes', '--timeout', '5')
    rmSync(stack.settingsFile)
    rmSync(join(stack.folder, 'secrets'), { recursive: true })

    const secondsMax = RECOVERY_SECONDS_MAX * patience()
    const environment = { BACKUP_KEY: key, BACKUPS: folder() }
    const { total, steps } = JSON.parse(
      await program('recover', ['latest', '--json'], environment),
    ) as {
      total: number
      steps: { what: string; seconds: number }[]
    }
    for (const { what, seconds } of steps)
      process.stdout.write(`${what.padEnd(24)}${seconds.toFixed(1)} s\n`)
    process.stdout.write(`serving again after ${total.toFixed(1)} s\n`)
    expect(total).toBeLessThan(secondsMax)
    expect(await bookings()).toBe(count)
    await sell(3)
    expect(await stack.audit()).not.toContain('BROKEN')
  }, 900_000)
})
