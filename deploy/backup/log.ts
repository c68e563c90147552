import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { takeLock } from '../release/lock.ts'
import type { Compose } from './compose.ts'
import { seal } from './sealed.ts'
import type { Settings } from './stored.ts'

const HELD_MINUTES_MAX = 30

/** Where in the log a file of it is: its name without the timeline, which are the first eight digits. */
export const placeOf = (name: string) => name.slice(8, 24)

const isSegment = (name: string) => /^[0-9A-F]{24}/.test(name)

export const isOlder = (name: string, firstWal: string) =>
  isSegment(name) && placeOf(name) < placeOf(firstWal)

const byPlace = (one: string, other: string) => (placeOf(one) < placeOf(other) ? -1 : 1)

/** By the place, not by the date: after going back in time a younger backup may begin earlier. */
export const earliest = (firstWals: string[]) => firstWals.toSorted(byPlace)[0]!

/** The shipped files that a recovery may need which begins there. Older ones may have another key. */
export const shippedSince = async (folder: string, firstWal: string) => {
  const wal = join(folder, 'wal')
  const names = await readdir(wal).catch(() => [])
  return names
    .filter((name) => name.endsWith('.sealed') && !isOlder(name, firstWal))
    .toSorted()
    .map((name) => join(wal, name))
}

/** What the archive has and the backups' folder has not yet, as one sealed file. Only for whose turn it is. */
export const shipLog = async (compose: Compose, { folder, key }: Settings) => {
  const wal = join(folder, 'wal')
  await mkdir(wal, { recursive: true, mode: 0o700 })
  const listed = join(wal, 'shipped.txt')
  const shipped = new Set((await readFile(listed, 'utf8').catch(() => '')).split('\n'))
  const archived = (await compose.run(['exec', '-T', 'db', 'ls', '/archive'])).split('\n')
  const whole = archived.filter((name) => name.endsWith('.gz'))
  const fresh = whole.filter((name) => isSegment(name) && !shipped.has(name)).toSorted(byPlace)
  if (fresh.length === 0) return 'The log has gained nothing.'
  // Where timelines begin goes along each time: a few bytes that any of these files may be asked for.
  const histories = whole.filter((name) => name.endsWith('.history.gz'))
  const file = join(wal, `${fresh.at(-1)!.replace('.gz', '')}.sealed`)
  // A tar that was killed ends like any other: what there is of it counts once it is known to have ended well.
  const unproved = `${file}.new`
  try {
    await compose.run(['exec', '-T', 'db', 'tar', '-c', '-C', '/archive', ...histories, ...fresh], {
      drain: (output) => seal(output, unproved, key),
    })
    await rename(unproved, file)
  } catch (error) {
    await rm(unproved, { force: true })
    throw error
  }
  await writeFile(listed, fresh.map((name) => `${name}\n`).join(''), { flag: 'a' })
  return `${fresh.length} files of the log shipped.`
}

/**
 * One at a time ships the log, or removes of it. Comes back with how to end the turn; with nothing when it is
 * another's. Kept on this machine, by its settings: a disk for backups may know no links.
 */
export const tryTurn = async ({ file }: Settings) => {
  const folder = join(dirname(file), '.releases', 'log')
  try {
    return await takeLock(folder, 'the log of the database', () => undefined)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code) throw error
    await refuseOld(join(folder, 'lock'))
    return undefined
  }
}

// Who comes each minute and goes again would never notice that nothing is shipped any more.
const refuseOld = async (lock: string) => {
  const since = await stat(lock).catch(() => undefined)
  const minutes = since ? (Date.now() - since.mtimeMs) / 60_000 : 0
  if (minutes < HELD_MINUTES_MAX) return
  throw new Error(
    `For ${minutes.toFixed(0)} minutes another has been shipping the log. If it does no more, end it and remove ${lock}, which says: ${await readFile(lock, 'utf8')}`,
  )
}

export const takeTurn = async (settings: Settings) => {
  for (;;) {
    const endTurn = await tryTurn(settings)
    if (endTurn) return endTurn
    await wait(500)
  }
}
