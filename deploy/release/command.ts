import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

export type Options = {
  folder?: string
  input?: string
  environment?: Record<string, string>
  timeoutSeconds?: number
}

const TIMEOUT_SECONDS = 120
const SHOWN_MAX = 1_500

/** What a program prints. Throws what it said last when it fails, and when it takes too long. */
export const run = async (program: string, args: string[], options: Options = {}) => {
  const { folder, input, environment, timeoutSeconds = TIMEOUT_SECONDS } = options
  const child = spawn(program, args, {
    ...(folder !== undefined && { cwd: folder }),
    env: { ...process.env, ...environment },
    timeout: timeoutSeconds * 1000,
    // Ctrl-C reaches the release, which then goes back in order, not what it has just begun.
    detached: process.platform !== 'win32',
  })
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'nothing'))
  })
  // A program that does not read its input is no failure of ours.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input ?? '')
  const [out, errors, end] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (end === 0) return out
  const said = `${out}\n${errors}`.trim().slice(-SHOWN_MAX)
  throw new Error(`${program} ${args.slice(0, 4).join(' ')} ended with ${end}: ${said}`)
}
