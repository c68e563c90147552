import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'

export type Owner = { pid: number; host: string; user: string; what: string; since: string }

/** One release at a time. The lock of a process that is gone is taken over, and that is said. */
export const takeLock = async (folder: string, what: string, say: (line: string) => void) => {
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'lock')
  const mine: Owner = {
    pid: process.pid,
    host: hostname(),
    user: userInfo().username,
    what,
    since: new Date().toISOString(),
  }
  for (let tries = 1; ; tries++) {
    const text = JSON.stringify(mine)
    if (await putInPlace(file, text)) return () => giveBack(file, text)
    const held = await readFile(file, 'utf8').catch(() => '')
    if (held !== '' && (isHeld(held) || tries > 3)) throw new Error(refusalOf(held, file))
    await removeDead(file, held)
    if (held !== '') say(`the lock of a release that died is taken over: ${held}`)
  }
}

// Never seen half written: whole under another name, then linked, which fails where something is.
const putInPlace = async (file: string, text: string) => {
  const whole = `${file}.${process.pid}.new`
  await writeFile(whole, text)
  const isOurs = await link(whole, file).then(
    () => true,
    () => false,
  )
  await rm(whole)
  return isOurs
}

const isHeld = (held: string) => {
  const owner = ownerOf(held)
  if (owner === undefined) return false
  // On another machine nobody can tell; its people can.
  if (owner.host !== hostname()) return true
  try {
    process.kill(owner.pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const ownerOf = (held: string) => {
  try {
    return JSON.parse(held) as Owner
  } catch {
    return undefined
  }
}

const refusalOf = (held: string, file: string) => {
  const { what, user, host, pid, since } = ownerOf(held)!
  return `Another release is under way: ${what}, by ${user} on ${host} (process ${pid}), since ${since}. One at a time; if it died, remove ${file}.`
}

// Two may find the same dead lock: what is put aside must be what was read, or it goes back.
const removeDead = async (file: string, held: string) => {
  const aside = `${file}.${process.pid}`
  const isMoved = await rename(file, aside).then(
    () => true,
    () => false,
  )
  if (!isMoved) return
  if ((await readFile(aside, 'utf8')) !== held) await link(aside, file).catch(() => undefined)
  await rm(aside, { force: true })
}

const giveBack = async (file: string, text: string) => {
  if ((await readFile(file, 'utf8').catch(() => '')) === text) await rm(file, { force: true })
}
