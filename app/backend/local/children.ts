import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { echoWarnings, lastLines } from './log-lines.ts'
import { nodeFlags } from '../process.ts'

export type ChildOptions = {
  name: string
  /** Relative to app/backend. */
  file: string
  environment: Record<string, string>
  logFile: string
  restartsMax: number
}

type Ready = { ready: true; port?: number; smtp_port?: number; metrics_port?: number }

type Child = {
  ready: Ready
  /** What became of it, once it has ended. */
  ended: Promise<string>
  stop(): Promise<void>
  kill(): void
}

const READY_SECONDS_MAX = 30
const STOP_SECONDS_MAX = 20

/** Starts a process of ours and comes back when it says that it is ready. */
const startChild = async ({ name, file, environment, logFile }: ChildOptions) => {
  const log = await open(logFile, 'a')
  const program = fileURLToPath(new URL(`../${file}`, import.meta.url))
  const child = spawn(process.execPath, [...nodeFlags, program], {
    // A group of its own: Ctrl-C reaches us alone, and we stop one after the other.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    env: { ...process.env, ...environment },
  })
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
    child.once('error', ({ message }) => resolve(message))
  })
  await log.close()
  const late = wait(READY_SECONDS_MAX * 1000, undefined, { ref: false })
  const ready = await Promise.race([untilReady(child), ended, late])
  if (typeof ready === 'object') return handle(child, ready, ended)
  child.kill('SIGKILL')
  const why = ready ?? `not ready within ${READY_SECONDS_MAX} seconds`
  throw new Error(
    `${name} did not start (${why}). The end of its log, ${logFile}:\n${await lastLines(logFile)}`,
  )
}

const untilReady = (child: ChildProcess) =>
  new Promise<Ready>((resolve) => {
    child.on('message', (message: Partial<Ready>) => {
      if (message.ready) resolve(message as Ready)
    })
  })

const handle = (child: ChildProcess, ready: Ready, ended: Promise<string>): Child => ({
  ready,
  ended,
  stop: async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS_MAX * 1000)
    await ended
    clearTimeout(timer)
  },
  kill: () => void child.kill('SIGKILL'),
})

const STEADY_SECONDS = 60

/** Keeps a process running: one that dies is started again, ever later, until `giveUp` is called. */
export const keepRunning = async (options: ChildOptions, giveUp: (sentence: string) => void) => {
  const { name, logFile, restartsMax } = options
  let child = await startChild(options)
  let stopping = false
  const stopEcho = echoWarnings(name, logFile)

  const watch = async () => {
    for (let restarts = 0; ; restarts++) {
      const since = Date.now()
      const how = await child.ended
      if (stopping) return
      if (Date.now() - since > STEADY_SECONDS * 1000) restarts = 0
      console.error(`${name} has ended (${how}). Its last lines:\n${await lastLines(logFile)}`)
      if (restarts === restartsMax)
        throw new Error(`Stopping, since ${name} does not stay up. Its log: ${logFile}`)
      await wait(250 * 2 ** restarts)
      if (stopping) return
      child = await startChild(options)
      if (stopping) return child.kill()
      console.error(`${name} runs again.`)
    }
  }
  watch().catch(({ message }: Error) => giveUp(message))

  return {
    ready: child.ready,
    stop: async () => {
      stopping = true
      await child.stop()
      stopEcho()
    },
    kill: () => child.kill(),
  }
}
