import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { setTimeout as wait } from 'node:timers/promises'

const run = promisify(execFile)

const isThere = (program: string) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

/** The stand-in for AWS and its command line, where this machine has both. */
export const hasMoto = isThere('moto_server') && isThere('aws')
if (!hasMoto) process.stderr.write('not run: what needs moto_server and aws, which are not here\n')

export type Moto = Awaited<ReturnType<typeof startMoto>>

const LOOKS_MAX = 300

/** An AWS of its own on a free port of this machine, empty. */
export const startMoto = async () => {
  const port = 20_000 + Math.floor(Math.random() * 12_000)
  const url = `http://127.0.0.1:${port}`
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  const environment: Record<string, string> = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const stop = async () => {
    if (child.exitCode !== null) return
    child.kill()
    await once(child, 'exit')
  }
  for (let looks = 0; ; looks++) {
    const isUp = await fetch(`${url}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) break
    if (looks > LOOKS_MAX || child.exitCode !== null) {
      await stop()
      throw new Error('moto_server does not start')
    }
    await wait(100)
  }
  /** The command in one, and after it what may hold a space. */
  const aws = async <Answer>(command: string, ...more: string[]) => {
    const env = { ...process.env, ...environment }
    const { stdout } = await run('aws', [...command.split(' '), ...more, '--output', 'json'], {
      env,
    })
    return (stdout.trim() === '' ? {} : JSON.parse(stdout)) as Answer
  }
  return { url, environment, aws, stop }
}
