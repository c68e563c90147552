import { execFileSync, spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// What a new user does: clones, runs the two commands of the README, then its lines as they stand there.
const folder = mkdtempSync(join(tmpdir(), 'aeroflash-new-user-'))
const clone = join(folder, 'aeroflash')

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

const start = async (port: number, metrics: number) => {
  const env = { ...process.env, PORT: String(port), METRICS_PORT: String(metrics) }
  const started = spawn('npm', ['start'], { cwd: clone, env, detached: true })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    const hear = (piece: Buffer) => {
      said += piece.toString()
      if (said.includes('AeroFlash is ready')) resolve()
    }
    started.stdout.on('data', hear)
    started.stderr.on('data', hear)
    started.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${said}`)))
    setTimeout(
      () => reject(new Error(`npm start was not ready in a minute:\n${said}`)),
      60_000,
    ).unref()
  })
  return started
}

const stop = async (started: ChildProcess) => {
  const ended = new Promise((resolve) => started.once('exit', resolve))
  process.kill(-started.pid!, 'SIGINT')
  await ended
}

const followReadme = (port: number) => {
  const readme = readFileSync(join(clone, 'README.md'), 'utf8')
  const lines = /<!-- These lines are run by CI[^]*?```sh\n([^]*?)```/.exec(readme)?.[1]
  if (!lines) throw new Error('README.md has no lines to try')
  const script = lines.replace('http://localhost:8080', `http://127.0.0.1:${port}`)
  // Through a file, as on a terminal: `tee /dev/stderr` cannot open a socket.
  const log = join(folder, 'said.log')
  const ended = spawnSync('bash', ['-uc', script], {
    stdio: ['ignore', openSync(log, 'a'), openSync(log, 'a')],
    timeout: 60_000,
  })
  if (ended.error) throw ended.error
  return readFileSync(log, 'utf8')
}

const check = (said: string) => {
  const wanted = [
    '"status":"captured"',
    '"status":"confirmed"',
    '"status":"cancelled"',
    '"penalty"',
  ]
  const missing = wanted.filter((word) => !said.includes(word))
  if (missing.length > 0)
    throw new Error(`The README's lines did not show ${missing.join(', ')}:\n${said}`)
}

try {
  execFileSync('git', ['clone', '--quiet', '.', clone], { stdio: 'inherit' })
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: clone, stdio: 'inherit' })
  const [port, metrics] = [await freePort(), await freePort()]
  const started = await start(port, metrics)
  try {
    check(followReadme(port))
  } finally {
    await stop(started)
  }
  process.stdout.write('A new user sees what the README promises.\n')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
