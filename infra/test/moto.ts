import { execFile, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { machine } from './machine.ts'

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  )

const moto = machine.moto ?? 'moto_server'

/** An AWS of our own, in memory, on a port of its own, until it is stopped. */
export const startMoto = async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
  }
  // It ends with whoever holds its standard input, however that one ends.
  const server = spawn(
    'sh',
    ['-c', '"$0" -p "$1" & cat >/dev/null; kill -9 $!', moto, String(port)],
    {
      env: { ...environment, PYTHONPATH: fileURLToPath(new URL('moto-mended', import.meta.url)) },
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  )
  const stop = () => server.stdin.end()
  for (let tries = 0; !(await answers(`${url}/moto-api/`)); tries++) {
    if (tries > 240) throw new Error('moto does not start')
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return { url, environment, stop, ask: asking(environment) }
}

export type Moto = Awaited<ReturnType<typeof startMoto>>

const run = promisify(execFile)

const asking =
  (env: NodeJS.ProcessEnv) =>
  async <Answer>(...question: string[]): Promise<Answer> => {
    const { stdout } = await run(machine.aws ?? 'aws', [...question, '--output', 'json'], {
      env,
      timeout: 60_000,
      maxBuffer: 16 * 1024 ** 2,
    })
    return (stdout.trim() === '' ? {} : JSON.parse(stdout)) as Answer
  }
