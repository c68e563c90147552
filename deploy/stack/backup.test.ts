import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { parseEnv } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { forgetOld, take } from '../backup/backup.ts'
import { composeOf } from '../backup/compose.ts'
import {
  accept,
  arrival,
  fillArchive,
  inContainer,
  layOut,
  startRestored,
} from '../backup/database.ts'
import type { Target } from '../backup/database.ts'
import { seal } from '../backup/sealed.ts'
import { readSettings } from '../backup/stored.ts'
import { refuseAbandoned } from '../backup/timelines.ts'
import { openShop } from './shop.ts'
import { docker, hasDocker, patience, prepareStack, shell, titleOf } from './stack.ts'
import type { Stack } from './stack.ts'

const RECOVERY_SECONDS_MAX = 180
const MARKS = "select string_agg(name, ' ') from marks"
// As deploy/stack/README.md has it.
const TAKE_BACK = 'cd /var/lib/postgresql && mv "$PGDATA" discarded && mv before-restore "$PGDATA"'
const DAMAGED = /damaged, or the key is another/
const OTHER_KEY = 'another-key-another-key-another-key'

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
  const now = () =>
    sql(`select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)
  const archived = async () => {
    const segment = await sql('select pg_walfile_name(pg_switch_wal())')
    const isThere = () => stack.compose('exec', '-T', 'db', 'ls', '/archive')
    await expect.poll(isThere, { timeout: 30_000 }).toContain(`${segment}.gz`)
  }
  const folder = () => join(stack.folder, 'backups')
  const newest = () => {
    const names = readdirSync(folder()).toSorted()
    return join(
      folder(),
      names.findLast((name) => /^\d/.test(name))!,
    )
  }

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
    await expect(program('restore', ['latest', '--replace'])).rejects.toThrow(DAMAGED)
    writeFileSync(base, content)
    const otherKey = { BACKUP_KEY: OTHER_KEY }
    await expect(program('restore', ['latest', '--replace'], otherKey)).rejects.toThrow(DAMAGED)
    const wal = join(folder(), 'wal', 'FFFFFFFFFFFFFFFFFFFFFFFF.sealed')
    writeFileSync(wal, touched)
    await expect(program('restore', ['latest', '--replace'])).rejects.toThrow(
      /FFFF\.sealed is damaged/,
    )
    rmSync(wal)
    const left = () => docker('ps', '--all', '--quiet', '--filter', `name=${stack.project}-db-run`)
    await expect.poll(left, { timeout: 10_000 }).toBe('')
    await expect(program('restore', ['latest'])).rejects.toThrow(/--replace/)
    expect(await bookings()).toBe(before)
    expect((await fetch(`${stack.siteUrl}/api/readyz`)).status).toBe(200)
  })

  test('a moment to which nothing leads is refused before anything is done', async () => {
    const { takenAt } = JSON.parse(readFileSync(join(newest(), 'about.json'), 'utf8'))
    const to = (moment: string) => program('restore', ['latest', '--to', moment, '--replace'])
    await expect(to(takenAt)).rejects.toThrow(/nothing leads back from a backup/)
    await expect(to('2999-01-01T00:00:00Z')).rejects.toThrow(/is yet to come/)
    expect((await fetch(`${stack.siteUrl}/api/readyz`)).status).toBe(200)
  })

  test(
    'who went back too far goes forward again, and no backup is lost to that',
    { timeout: 600_000 },
    async () => {
      await sql("create table marks (name text); insert into marks values ('early')")
      const early = await now()
      await sql("insert into marks values ('late')")
      const late = await now()
      await sql("insert into marks values ('last')")
      await archived()
      await program('backup', ['--wal'])
      // Of a former key, and older than the backup: nobody asks for it.
      writeFileSync(join(folder(), 'wal', `${'0'.repeat(24)}.sealed`), 'sealed with another key')

      const settings = readSettings(stack.settingsFile)
      const compose = composeOf(settings.file, { COMPOSE_PROJECT_NAME: `${stack.project}-times` })
      const marksAfter = async (backup: string, target: Target) => {
        await compose.run(['rm', '--stop', '--force', 'db'])
        await layOut(compose, backup, settings.key, target)
        await startRestored(compose, settings.values.POSTGRES_PASSWORD!)
        return compose.sql(MARKS)
      }
      const first = newest()
      const to = (moment: string) => ({ to: new Date(moment), timeline: 'current' })
      try {
        await fillArchive(compose, folder(), first, settings.key)
        expect(await marksAfter(first, to(early))).toBe('early')
        expect(await arrival(compose)).toMatch(/ on timeline 1; timeline 2 begins there$/)
        await accept(compose)
        const second = await take(compose, { ...settings, folder: join(stack.folder, 'second') })
        await compose.sql("insert into marks values ('other')")

        expect(await marksAfter(first, to(late))).toBe('early late')
        expect(await arrival(compose)).toMatch(/ on timeline 1; timeline 3 begins there$/)
        await refuseAbandoned(compose, first)
        await expect(refuseAbandoned(compose, second)).rejects.toThrow(/is on timeline 2/)
        await expect(refuseAbandoned(compose, second, '9')).rejects.toThrow(/no timeline 9/)

        // The attempt before was not accepted: what it left is not what is kept.
        expect(await marksAfter(second, { to: 'backup', timeline: 'current' })).toBe('early')
        await compose.run(['rm', '--stop', '--force', 'db'])
        await inContainer(compose, TAKE_BACK, {})
        await startRestored(compose, settings.values.POSTGRES_PASSWORD!)
        expect(await compose.sql(MARKS)).toBe('early other')
      } finally {
        await compose.run(['down', '--volumes', '--timeout', '5'])
      }
    },
  )

  test(
    'a mistake is undone: the database goes back to the moment before it',
    { timeout: 600_000 },
    async () => {
      await sell(10)
      const count = await bookings()
      const before = await now()
      await wait(1500)
      await sql('truncate bookings.bookings cascade')
      expect(await bookings()).toBe(0)
      const said = await program('restore', ['latest', '--to', before, '--replace'])
      process.stdout.write(`${said}\n`)
      expect(said).toMatch(/last commit 2.+, on timeline 1; timeline 2 begins there\.$/)
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
    await archived()
    await program('backup', ['--wal'])

    await stack.compose('down', '--volumes', '--timeout', '5')
    rmSync(stack.settingsFile)
    rmSync(join(stack.folder, 'secrets'), { recursive: true })

    const secondsMax = RECOVERY_SECONDS_MAX * patience()
    const environment = { BACKUP_KEY: key, BACKUPS: folder() }
    const otherKey = { ...environment, BACKUP_KEY: OTHER_KEY }
    await expect(program('recover', ['latest'], otherKey)).rejects.toThrow(DAMAGED)
    expect(readdirSync(stack.folder).filter((name) => name.startsWith('.env'))).toEqual([])
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

describe('backups, when something goes wrong', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aeroflash-backups-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** Answers as Docker does; it notes what it was told to do. */
  const withDocker = (cases: string) => {
    const script = `#!/bin/bash\necho "$*" >>${folder}/words\ncase "$*" in\n${cases}\nesac\n`
    writeFileSync(join(folder, 'docker'), script, { mode: 0o755 })
    return {
      PATH: `${folder}:${process.env.PATH}`,
      SETTINGS_FILE: join(folder, '.env'),
      BACKUPS: join(folder, 'backups'),
      BACKUP_KEY: OTHER_KEY,
    }
  }
  const ship = (environment: Record<string, string>) =>
    shell(process.execPath, ['deploy/backup/backup.ts', '--wal'], environment)
  const shipped = () => readdirSync(join(folder, 'backups', 'wal'))
  const LISTED =
    '*ls" "/archive*) printf "00000002.history.gz\\n000000020000000000000004.gz\\n000000010000000000000009.gz\\n";;'

  test('log that was cut off is not kept', async () => {
    await expect(ship(withDocker(`${LISTED}\n*tar" "-c*) echo half; exit 137;;`))).rejects.toThrow()
    expect(shipped()).toEqual([])
    await ship(withDocker(`${LISTED}\n*tar" "-c*) echo all;;`))
    expect(shipped()).toEqual(['000000010000000000000009.sealed', 'shipped.txt'])
    expect(readFileSync(join(folder, 'words'), 'utf8')).toContain(
      'tar -c -C /archive 00000002.history.gz 000000020000000000000004.gz 000000010000000000000009.gz',
    )
  })

  test('the log is shipped by one at a time', async () => {
    const environment = withDocker(`${LISTED}\n*tar" "-c*) sleep 2; echo all;;`)
    const said = await Promise.all([ship(environment), ship(environment)])
    expect(said.toSorted()).toEqual([
      '2 files of the log shipped.',
      'The log is being shipped already; nothing was done.',
    ])
  })

  test('a full disk is told as such', async () => {
    const compose = composeOf('.env', withDocker('*) yes;;'))
    const drain = (output: Readable) => seal(output, join(folder, 'none', 'base'), OTHER_KEY)
    await expect(compose.run(['exec'], { drain })).rejects.toThrow(/ENOENT.*none/)
  })

  test('no password is in a command', async () => {
    const compose = composeOf('.env', withDocker('*) cat >>$0.read; echo f;;'))
    await startRestored(compose, "it's-secret")
    expect(readFileSync(join(folder, 'words'), 'utf8')).not.toContain('secret')
    expect(readFileSync(join(folder, 'docker.read'), 'utf8')).toContain("password 'it''s-secret'")
  })

  test('the log is kept from where the first of the backups begins, whichever is the oldest', async () => {
    const settings = { file: '', folder, key: OTHER_KEY, values: {} }
    const firstWals = ['000000010000000000000009', '000000020000000000000004']
    for (const [day, firstWal] of firstWals.entries()) {
      mkdirSync(join(folder, String(day)))
      writeFileSync(join(folder, String(day), 'about.json'), JSON.stringify({ firstWal }))
    }
    mkdirSync(join(folder, 'wal'))
    for (const place of [3, 4, 8])
      writeFileSync(join(folder, 'wal', `00000001000000000000000${place}.sealed`), '')
    await forgetOld(composeOf('.env', withDocker('')), settings)
    expect(readdirSync(join(folder, 'wal'))).toHaveLength(2)
    expect(readFileSync(join(folder, 'words'), 'utf8')).toContain('000000020000000000000004')
  })
})
