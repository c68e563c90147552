import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const READY_MS_MAX = 20_000

// Whoever started it may be killed: then its input ends, and so does the program.
const untilWeAreGone = '"$0" "$@" & pid=$!; read _; kill $pid; wait $pid'

type Program = { ready: string; environment?: Record<string, string> }

/** A program of the machine in the foreground, until it answers; it ends with its folder. */
export const startProgram = async (
  program: string,
  words: string[],
  { ready, environment = {} }: Program,
) => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-program-'))
  const log = await open(join(folder, 'log'), 'a')
  const env = { PATH: process.env.PATH ?? '', ...environment }
  const child = spawn('/bin/sh', ['-c', untilWeAreGone, program, ...words], {
    stdio: ['pipe', log.fd, log.fd],
    cwd: folder,
    env,
  })
  await log.close()
  const ended = once(child, 'exit')
  const stop = async () => {
    child.stdin?.end()
    await ended
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  await untilReady(ready).catch(async () => {
    const said = await readFile(join(folder, 'log'), 'utf8')
    await stop()
    throw new Error(`${program} does not become ready:\n${said}`)
  })
  return { stop }
}

/** Prometheus by the prometheus.yml of that folder, where it keeps its data as well. */
export const runPrometheus = (program: string, folder: string, port: number) =>
  startProgram(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
      '--log.level=warn',
    ],
    { ready: `http://127.0.0.1:${port}/-/ready` },
  )

const untilReady = async (url: string) => {
  const until = performance.now() + READY_MS_MAX
  while (performance.now() < until) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await wait(200)
  }
  throw new Error(`${url} does not answer`)
}
