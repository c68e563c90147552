import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The command line of a running process; empty when there is none, or only its zombie. */
export const commandOf = async (pid: number): Promise<string> => {
  if (process.platform === 'linux') {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return words.replaceAll('\0', ' ')
  }
  const listed = run('ps', ['-o', 'command=', '-p', String(pid)])
  return (await listed.catch(() => ({ stdout: '' }))).stdout
}
