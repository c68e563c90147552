import { spawn } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { say } from './asked.ts'

export type Ended = { code: number; out: string; errors: string }

/** Runs it to its end, whatever the end, and keeps what it printed. */
export const listen = async (program: string, args: string[], input = ''): Promise<Ended> => {
  const child = spawn(program, args)
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
  // A program that does not read its input is no failure of ours.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, out, errors }
}

/** What it printed; throws its last words when it fails. */
export const ask = async (program: string, args: string[], input = '') => {
  const { code, out, errors } = await listen(program, args, input)
  if (code === 0) return out.trim()
  throw new Error(`${program} ${args[0] ?? ''} ended with ${code}: ${errors.trim().slice(-1_500)}`)
}

/** Runs it before the reader's eyes, after its own command line. */
export const show = async (program: string, args: string[]): Promise<number> => {
  say(`$ ${[program, ...args].join(' ')}`)
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

export const mustShow = async (program: string, args: string[]) => {
  const code = await show(program, args)
  if (code !== 0) throw new Error(`${program} ${args[0] ?? ''} ended with ${code}`)
}

export const isThere = async (program: string) => {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}
