import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Resources } from '../../policies/rule.ts'
import { readStack } from '../../synthesised.ts'
import { machine, skipped } from '../machine.ts'
import { type Moto, startMoto } from '../moto.ts'

const MINUTE = 60_000
const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url))
const COMMIT = 'b'.repeat(40)
const IMAGES = { api: 'aeroflash-api:dev', nginx: 'aeroflash-nginx:dev' }
const STANDS_ON = ['debian:forky-slim', 'postgres:18.6', ...Object.values(IMAGES)]

const docker = (...words: string[]) =>
  execFileSync('docker', words, { encoding: 'utf8', timeout: 10 * MINUTE, maxBuffer: 64e6 }).trim()

const missing = STANDS_ON.filter(
  (image) => spawnSync('docker', ['image', 'inspect', image], { stdio: 'ignore' }).status !== 0,
)
const canRun = missing.length === 0 && Boolean(machine.moto)
if (!canRun) skipped(4, missing.length > 0 ? `no images: ${missing.join(', ')}` : 'no moto_server')

/** Debian with the command line of AWS, which Amazon Linux has too; nothing else of what we need. */
const BARE = `FROM debian:forky-slim
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \\
    awscli curl ca-certificates procps iptables >/dev/null
`

/** A port that nothing listens on, below those that are given out. */
const freePort = (from: number) => from + Math.floor(Math.random() * 900)

describe.skipIf(!canRun)('a bare host', { timeout: 12 * MINUTE }, () => {
  const run = randomBytes(4).toString('hex')
  const [host, database] = [`infra-host-${run}`, `infra-database-${run}`]
  const folder = mkdtempSync(join(tmpdir(), 'infra-boot-'))
  // Memory, as /run is on a host.
  const memory = mkdtempSync('/dev/shm/infra-boot-')
  const [site, https, sql] = [freePort(21_000), freePort(22_000), freePort(23_000)]
  let moto: Moto
  let said = ''

  const inside = (...words: string[]) => docker('exec', host, ...words)

  /** Of every container, the database's included. */
  const lastWords = () =>
    [
      database,
      ...docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${host}`).split('\n'),
    ]
      .map((id) => spawnSync('docker', ['logs', '--tail', '5', id], { encoding: 'utf8' }))
      .map(({ stdout, stderr }) => stdout + stderr)
      .join('\n')

  const put = (path: string, content: string, mode = 0o644) => {
    const file = join(folder, 'root', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content, { mode })
  }

  // On the machine's own network, as RDS is on nobody's.
  const makeDatabase = () => {
    const password = randomBytes(16).toString('hex')
    const asked = [
      'POSTGRES_USER=aeroflash_admin',
      'POSTGRES_DB=aeroflash',
      `POSTGRES_PASSWORD=${password}`,
      `PGPORT=${sql}`,
    ]
    docker(
      'run',
      '-d',
      '--name',
      database,
      '--network',
      'host',
      ...asked.flatMap((one) => ['-e', one]),
      'postgres:18.6',
      '-c',
      'listen_addresses=*',
    )
    const address = execFileSync('ip', ['-4', '-o', 'addr', 'show', 'docker0'], {
      encoding: 'utf8',
    })
    return { address: /inet ([\d.]+)/.exec(address)?.[1] ?? '', password }
  }

  const fillAccount = async ({ address, password }: ReturnType<typeof makeDatabase>) => {
    const secret = (id: string, value: object) =>
      moto.ask(
        'secretsmanager',
        'create-secret',
        '--name',
        `aeroflash/production/${id}`,
        '--secret-string',
        JSON.stringify(value),
      )
    const random = () => randomBytes(24).toString('hex')
    const names = [
      'AUTH_SECRET',
      'APP_PASSWORD',
      'MIGRATOR_PASSWORD',
      'MONITOR_PASSWORD',
      'GRAFANA_ADMIN_PASSWORD',
      'DEMO_PASSWORD',
    ]
    await secret('generated', Object.fromEntries(names.map((name) => [name, random()])))
    await secret('master', { username: 'aeroflash_admin', password })
    await secret('partners', {
      PAYMENT_GATEWAY_URL: 'http://payments.example/payments',
      PAYMENT_GATEWAY_KEY: random(),
      PAYMENT_WEBHOOK_SECRET: random(),
      SMTP_URL: 'smtp://mail.example:587',
      ...Object.fromEntries(
        ['PAGER_URL', 'TICKETS_URL', 'WATCHDOG_URL'].map((name) => [
          name,
          'http://alerts.example/',
        ]),
      ),
    })
    const where = {
      host: address,
      port: sql,
      name: 'aeroflash',
      master: 'aeroflash/production/master',
    }
    const parameter = (id: string, type: string, value: string) =>
      moto.ask(
        'ssm',
        'put-parameter',
        '--name',
        `/aeroflash/production/${id}`,
        '--type',
        type,
        '--value',
        value,
      )
    await parameter('database', 'SecureString', JSON.stringify(where))
    await parameter('released', 'String', COMMIT)
    const bundle = join(folder, 'bundle')
    mkdirSync(bundle)
    const parts = [
      'package.json',
      'docker-compose.yml',
      'docker-compose.aws.yml',
      'deploy',
      'app/monitoring',
      'app/postgres',
      'app/jenkins/compose.jenkins.yml',
    ]
    writeFileSync(join(bundle, 'release.json'), JSON.stringify({ commit: COMMIT, images: IMAGES }))
    execFileSync('tar', [
      '-czf',
      `${bundle}.tar.gz`,
      '-C',
      bundle,
      'release.json',
      '-C',
      REPOSITORY,
      ...parts,
    ])
    await moto.ask(
      's3api',
      'create-bucket',
      '--bucket',
      'example-air-aeroflash-production-bundles',
      '--create-bucket-configuration',
      'LocationConstraint=eu-west-1',
    )
    await moto.ask(
      's3api',
      'put-object',
      '--bucket',
      'example-air-aeroflash-production-bundles',
      '--key',
      `releases/${COMMIT}.tar.gz`,
      '--body',
      `${bundle}.tar.gz`,
    )
  }

  /**
   * Exactly what EC2 would be given, but that the engine is this machine's: what it mounts must stand at the
   * same place outside, nothing may be called as another stack is, and ports are others.
   */
  const otherwise = (text: string) =>
    text
      .replaceAll('/run/aeroflash', `${memory}/aeroflash`)
      .replaceAll(/\/(opt|var\/lib)\/aeroflash/g, `${folder}/$1/aeroflash`)
      .replaceAll(/aeroflash_(slot|site)/g, `${host}_$1`)
      .replace(/^DATABASE_OPTIONS=.*$/m, "DATABASE_OPTIONS=''")
      .replace(/^DATABASE_CA=.*$/m, "DATABASE_CA='file:///etc/ssl/certs/ca-certificates.crt'")
      .replace(/^COMPOSE_PROFILES=.*$/m, `COMPOSE_PROFILES=\nCOMPOSE_PROJECT_NAME=${host}`)
      .replace(/^SITE_PORT=.*$/m, `SITE_PORT=${site}`)
      .replace(/^HTTPS_PORT=.*$/m, `HTTPS_PORT=${https}`)

  const writeFiles = () => {
    const template = (readStack('production', 'service').resource as Resources).aws_launch_template
    const { user_data } = template?.['hosts-template'] ?? {}
    const text = Buffer.from(user_data as string, 'base64').toString()
    const { write_files } = parse(text) as {
      write_files: { path: string; content: string; permissions: string }[]
    }
    for (const { path, content, permissions } of write_files)
      put(path, otherwise(content), Number.parseInt(permissions, 8))
  }

  beforeAll(async () => {
    moto = await startMoto()
    await fillAccount(makeDatabase())
    writeFiles()
    writeFileSync(join(folder, 'Dockerfile'), BARE)
    copyFileSync('/etc/ssl/certs/ca-certificates.crt', join(folder, 'ca-certificates.crt'))
    docker('build', '-q', '-t', 'infra-bare-host', '-f', join(folder, 'Dockerfile'), folder)
    const account = {
      AWS_ENDPOINT_URL: moto.url,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
    }
    const mounted = [folder, memory, '/var/run/docker.sock'].flatMap((path) => [
      '-v',
      `${path}:${path}`,
    ])
    const told = Object.entries(account).flatMap(([name, value]) => ['-e', `${name}=${value}`])
    docker(
      'run',
      '-d',
      '--name',
      host,
      '--network',
      'host',
      '--tmpfs',
      '/data',
      ...mounted,
      ...told,
      'infra-bare-host',
      'sleep',
      'infinity',
    )
    docker('cp', `${join(folder, 'root')}/.`, `${host}:/`)
  }, 8 * MINUTE)

  afterAll(() => {
    const left = docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${host}`)
    for (const name of [host, database, ...left.split('\n').filter(Boolean)])
      spawnSync('docker', ['rm', '-f', '-v', name], { stdio: 'ignore' })
    for (const kind of ['volume', 'network'])
      for (const id of docker(
        kind,
        'ls',
        '-q',
        '--filter',
        `label=com.docker.compose.project=${host}`,
      ).split('\n'))
        if (id) spawnSync('docker', [kind, 'rm', id], { stdio: 'ignore' })
    moto?.stop()
    for (const left of [folder, memory]) rmSync(left, { recursive: true, force: true })
  })

  test('comes to serve the last release without hands', () => {
    const boot = spawnSync('docker', ['exec', host, 'aeroflash-boot'], {
      encoding: 'utf8',
      timeout: 11 * MINUTE,
    })
    said = boot.stdout + boot.stderr
    expect(boot.status, `${said.slice(-3000)}\n${lastWords()}`).toBe(0)
    expect(said).toContain(`serving ${COMMIT}`)
    const ready = JSON.parse(
      inside('curl', '-fsSk', `https://127.0.0.1:${https}/api/readyz`),
    ) as object
    expect(ready).toBeTypeOf('object')
    expect(
      inside(
        'curl',
        '-fsSk',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        `https://127.0.0.1:${https}/`,
      ),
    ).toBe('200')
  })

  test('sends who comes without TLS to the site', () => {
    const asked = inside(
      'curl',
      '-sS',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code} %{redirect_url}',
      `http://127.0.0.1:${site}/`,
    )
    expect(asked).toBe('308 https://aeroflash.example/')
  })

  test('keeps its secrets in memory, and says none of them', () => {
    expect(inside('stat', '-f', '-c', '%T', `${memory}/aeroflash/secrets`)).toBe('tmpfs')
    const secret = inside('cat', `${memory}/aeroflash/secrets/auth_secret`)
    expect(secret).toMatch(/^[0-9a-f]{48}$/)
    const elsewhere = inside(
      'sh',
      '-c',
      `grep -rl ${secret} /etc /usr/local ${folder} 2>/dev/null || true`,
    )
    expect([elsewhere, said.includes(secret)]).toEqual(['', false])
  })

  test('does nothing when it is told again what it serves', () => {
    expect(inside('aeroflash-boot')).toContain(`${COMMIT} serves`)
  })
})
