import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { nodeFlags } from '../process.ts'

export type Ready = { port?: number; metrics_port?: number; smtp_port?: number }

export type Child = {
  ready: Ready
  /** Ends it as a crash would, and comes back when it is gone. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export type Program = {
  /** Relative to app/backend. */
  file: string
  environment: Record<string, string>
  logFile: string
}

const READY_SECONDS_MAX = 30
const STOP_SECONDS_MAX = 5

/** A process of the product, as it is deployed, once it says that it is ready. */
export const startChild = async ({ file, environment, logFile }: Program): Promise<Child> => {
  const log = await open(logFile, 'a')
  const program = fileURLToPath(new URL(`../${file}`, import.meta.url))
  const child = spawn(process.execPath, [...nodeFlags, program], {
    // A group of its own: Ctrl-C reaches us alone. Should we be killed, its channel closes and it ends.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    env: { ...process.env, ...environment },
  })
  await log.close()
  const exited = new Promise<undefined>((resolve) => {
    child.once('exit', () => resolve(undefined))
    child.once('error', () => resolve(undefined))
  })
  const told = new Promise<Ready>((resolve) => {
    child.on('message', (message: Ready & { ready?: true }) => message.ready && resolve(message))
  })
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await exited
  }

  const late = wait(READY_SECONDS_MAX * 1000, undefined, { ref: false })
  const ready = await Promise.race([told, exited, late])
  if (!ready) {
    await end('SIGKILL')
    throw new Error(`${file} did not start; its log: ${logFile}`)
  }
  const stop = async () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS_MAX * 1000)
    await end('SIGTERM')
    clearTimeout(timer)
  }
  return { ready, kill: () => end('SIGKILL'), stop }
}
