import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

const LIMIT = 40 * 60_000

export type Aws = (region: string, ...words: string[]) => Promise<unknown>

/** The command line of AWS, as who runs this. Waiters wait up to 40 minutes. */
export const askAws: Aws = async (region, ...words) => {
  const { stdout } = await run('aws', [...words, '--region', region, '--output', 'json'], {
    timeout: LIMIT,
    maxBuffer: 16 * 1024 ** 2,
  })
  return stdout.trim() === '' ? undefined : (JSON.parse(stdout) as unknown)
}
