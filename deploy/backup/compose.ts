import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../..', import.meta.url))

type Streams = {
  /** Writes what the program reads. */
  feed?: (input: Writable) => Promise<void>
  /** Reads what the program writes. */
  drain?: (output: Readable) => Promise<void>
}

const isHangUp = ({ code }: NodeJS.ErrnoException) =>
  code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'

export type Compose = ReturnType<typeof composeOf>

/** Docker Compose with the settings of one stack, or of a second one made of the same files. */
export const composeOf = (settingsFile: string, environment: Record<string, string> = {}) => {
  const start = (words: string[]) =>
    spawn('docker', ['compose', '--progress', 'quiet', '--env-file', settingsFile, ...words], {
      cwd: repository,
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    })

  /** What it printed; throws, with what it complained of, when it does not end well. */
  const run = async (words: string[], { feed, drain }: Streams = {}): Promise<string> => {
    const child = start(words)
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    // Whoever ends early is not fed to the end; why it ended is what is told.
    child.stdin.on('error', () => undefined)
    const complaints = text(child.stderr)
    const stop = (error: unknown) => {
      child.kill()
      throw error
    }
    const printed = drain ? drain(child.stdout).then(() => '', stop) : text(child.stdout)
    if (!feed) child.stdin.end()
    const fed = feed?.(child.stdin).catch(stop)
    const [feeding, draining] = await Promise.allSettled([fed, printed])
    const code = await ended
    // Our own trouble, as a full disk is. Docker's words would only be of having been stopped.
    if (draining.status === 'rejected') throw draining.reason
    if (feeding.status === 'rejected' && !isHangUp(feeding.reason)) throw feeding.reason
    if (code !== 0)
      throw new Error(
        `docker compose ${words.slice(0, 4).join(' ')} …: ${(await complaints).slice(-2000)}`,
      )
    await fed
    return (await printed).trim()
  }

  /**
   * Runs SQL in the database's own container, where its administrator needs no password. It goes by standard
   * input: what is in a command, every process of the machine can read.
   */
  const sql = (statements: string) =>
    run(['exec', '-T', 'db', ...'psql -XqAt -v ON_ERROR_STOP=1 -d aeroflash'.split(' ')], {
      feed: async (input) => void input.end(statements),
    })

  return { run, sql }
}

export const pipeTo = (target: Writable) => (output: Readable) => pipeline(output, target)
