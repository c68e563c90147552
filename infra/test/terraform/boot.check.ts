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

/** There is no systemd in a container: what the scripts ask of it, the engine, is started by hand. */
const SYSTEMCTL = `#!/bin/bash
dockerd --bip 10.201.0.1/24 --default-address-pool base=10.202.0.0/16,size=24 >/var/log/dockerd.log 2>&1 &
for _ in $(seq 60); do docker info >/dev/null 2>&1 && break; sleep 1; done
docker load --quiet --input /images.tar
`

describe.skipIf(!canRun)('a bare host', { timeout: 12 * MINUTE }, () => {
  const run = randomBytes(4).toString('hex')
  const [host, database] = [`infra-host-${run}`, `infra-database-${run}`]
  const folder = mkdtempSync(join(tmpdir(), 'infra-boot-'))
  let moto: Moto
  let said = ''

  const inside = (...words: string[]) => docker('exec', host, ...words)

  const put = (path: string, content: string, mode = 0o644) => {
    const file = join(folder, 'root', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content, { mode })
  }

  const makeDatabase = () => {
    const password = randomBytes(16).toString('hex')
    docker(
      'run',
      '-d',
      '--name',
      database,
      '-e',
      'POSTGRES_USER=aeroflash_admin',
      '-e',
      'POSTGRES_DB=aeroflash',
      '-e',
      `POSTGRES_PASSWORD=${password}`,
      'postgres:18.6',
    )
    const address = docker('inspect', '-f', '{{.NetworkSettings.IPAddress}}', database)
    return { address, password }
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
      port: 5432,
      name: 'aeroflash',
      master: 'aeroflash/production/master',
    }
    const parameter = (id: string, value: string) =>
      moto.ask(
        'ssm',
        'put-parameter',
        '--name',
        `/aeroflash/production/${id}`,
        '--type',
        'SecureString',
        '--value',
        value,
      )
    await parameter('database', JSON.stringify(where))
    await parameter('released', COMMIT)
    const bundle = join(folder, 'bundle')
    mkdirSync(bundle)
    const parts = [
      'package.json',
      'docker-compose.yml',
      'docker-compose.aws.yml',
      'deploy',
      'app/monitoring',
      'app/postgres',
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

  /** Exactly what EC2 would be given, but for what a test must say otherwise. */
  const writeFiles = () => {
    const template = (readStack('production', 'service').resource as Resources).aws_launch_template
    const { user_data } = template?.['hosts-template'] ?? {}
    const text = Buffer.from(user_data as string, 'base64').toString()
    const { write_files } = parse(text) as {
      write_files: { path: string; content: string; permissions: string }[]
    }
    for (const { path, content, permissions } of write_files)
      put(
        path,
        content
          .replace(/^DATABASE_OPTIONS=.*$/m, "DATABASE_OPTIONS=''")
          .replace(/^DATABASE_CA=.*$/m, "DATABASE_CA='file:///etc/ssl/certs/ca-certificates.crt'")
          .replace(/^COMPOSE_PROFILES=.*$/m, 'COMPOSE_PROFILES='),
        Number.parseInt(permissions, 8),
      )
    put('/usr/local/bin/systemctl', SYSTEMCTL, 0o755)
  }

  beforeAll(async () => {
    moto = await startMoto('0.0.0.0')
    await fillAccount(makeDatabase())
    writeFiles()
    writeFileSync(join(folder, 'Dockerfile'), BARE)
    copyFileSync('/etc/ssl/certs/ca-certificates.crt', join(folder, 'ca-certificates.crt'))
    docker('build', '-q', '-t', 'infra-bare-host', '-f', join(folder, 'Dockerfile'), folder)
    docker('save', '-o', join(folder, 'images.tar'), 'postgres:18.6', ...Object.values(IMAGES))
    const gateway = docker(
      'network',
      'inspect',
      'bridge',
      '-f',
      '{{(index .IPAM.Config 0).Gateway}}',
    )
    const port = new URL(moto.url).port
    docker(
      'run',
      '-d',
      '--privileged',
      '--name',
      host,
      '--tmpfs',
      '/run',
      '--tmpfs',
      '/data',
      '-v',
      '/var/lib/docker',
      '-v',
      `${join(folder, 'images.tar')}:/images.tar:ro`,
      '-e',
      `AWS_ENDPOINT_URL=http://${gateway}:${port}`,
      '-e',
      'AWS_ACCESS_KEY_ID=testing',
      '-e',
      'AWS_SECRET_ACCESS_KEY=testing',
      'infra-bare-host',
      'sleep',
      'infinity',
    )
    docker('cp', `${join(folder, 'root')}/.`, `${host}:/`)
  }, 8 * MINUTE)

  afterAll(() => {
    for (const name of [host, database])
      spawnSync('docker', ['rm', '-f', '-v', name], { stdio: 'ignore' })
    moto?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('comes to serve the last release without hands', () => {
    const boot = spawnSync('docker', ['exec', host, 'aeroflash-boot'], {
      encoding: 'utf8',
      timeout: 11 * MINUTE,
    })
    said = boot.stdout + boot.stderr
    expect(boot.status, said.slice(-5000)).toBe(0)
    expect(said).toContain(`serving ${COMMIT}`)
    const ready = JSON.parse(inside('curl', '-fsSk', 'https://127.0.0.1/api/readyz')) as object
    expect(ready).toBeTypeOf('object')
    expect(
      inside('curl', '-fsSk', '-o', '/dev/null', '-w', '%{http_code}', 'https://127.0.0.1/'),
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
      'http://127.0.0.1/',
    )
    expect(asked).toBe('308 https://aeroflash.example/')
  })

  test('keeps its secrets in memory, and says none of them', () => {
    expect(inside('stat', '-f', '-c', '%T', '/run/aeroflash/secrets')).toBe('tmpfs')
    const secret = inside('cat', '/run/aeroflash/secrets/auth_secret')
    expect(secret).toMatch(/^[0-9a-f]{48}$/)
    const elsewhere = inside(
      'sh',
      '-c',
      `grep -rl ${secret} /etc /opt /var/lib/aeroflash /tmp 2>/dev/null || true`,
    )
    expect([elsewhere, said.includes(secret)]).toEqual(['', false])
  })

  test('does nothing when it is told again what it serves', () => {
    expect(inside('aeroflash-boot')).toContain(`${COMMIT} serves`)
  })
})
