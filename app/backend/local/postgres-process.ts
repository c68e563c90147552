import { spawn } from 'node:child_process'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { commandOf } from './processes.ts'
import type { Binaries } from './postgres-binaries.ts'
import type { RunAs } from './postgres-user.ts'

const START_SECONDS_MAX = 60

export type Launch = {
  binaries: Binaries
  data: string
  port: number
  settings: Record<string, string>
  as: RunAs
  logFile: string
}

export type Server = {
  pid: number
  /** Settles when it takes connections; throws the end of its log when it ends instead. */
  ready: Promise<void>
  exited: Promise<void>
  signal(name: NodeJS.Signals): void
}

export const launch = async (launch: Launch): Promise<Server> => {
  const { binaries, data, port, settings, as, logFile } = launch
  const log = await open(logFile, 'w')
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const words = ['-D', data, '-p', String(port), ...flags]
  const [program, allWords, ids] = as(binaries.postgres, words)
  const child = spawn(program, allWords, {
    ...ids,
    // A group of its own: Ctrl-C in the terminal must not stop the database before its clients.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { ...process.env, LC_ALL: 'C' },
  })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  await log.close()
  const { pid = 0 } = child
  const ready = untilReadyOr(exited, data, pid, logFile)
  return { pid, ready, exited, signal: (name) => void child.kill(name) }
}

const untilReadyOr = async (exited: Promise<void>, data: string, pid: number, logFile: string) => {
  const isReady = await Promise.race([untilReady(data, pid), exited.then(() => false)])
  if (!isReady) throw new Error((await readFile(logFile, 'utf8')).trim())
}

// What pg_ctl does too: the server writes its state into the eighth line of its pid file.
const untilReady = async (data: string, pid: number) => {
  for (const until = Date.now() + START_SECONDS_MAX * 1000; Date.now() < until; await wait(20)) {
    const lines = await pidFileOf(data)
    if (Number(lines[0]) === pid && lines[7]?.trim() === 'ready') return true
  }
  return false
}

const pidFileOf = async (data: string) =>
  (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')

/**
 * Stops the server that a process left on this folder when it was killed, and removes its pid file.
 * With `only`, no other server than that one.
 */
export const stopLeftover = async (data: string, only?: number): Promise<void> => {
  const pid = Number((await pidFileOf(data))[0])
  if (only !== undefined && pid !== only) return
  const isAlive = async () => pid > 0 && (await commandOf(pid)).includes(`-D ${data} -p`)

  for (const [signal, seconds] of stopping) {
    if (!(await isAlive())) break
    process.kill(pid, signal)
    for (let i = 0; i < seconds * 20 && (await isAlive()); i++) await wait(50)
  }
  // By now another may have started here; its pid file is not ours to remove.
  if (Number((await pidFileOf(data))[0]) === pid)
    await rm(join(data, 'postmaster.pid'), { force: true })
}

const stopping = [
  ['SIGINT', 10],
  ['SIGQUIT', 5],
  ['SIGKILL', 5],
] as const
