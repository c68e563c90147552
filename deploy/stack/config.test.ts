import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeFlags } from '../../app/backend/process.ts'
import { pinnedImages } from '../base-images.ts'
import { configOf } from './services.ts'
import type { Service } from './services.ts'
import { hasDocker, prepareStack, repository, titleOf } from './stack.ts'
import type { Stack } from './stack.ts'

const MEBIBYTE = 1024 * 1024
const MEMORY_MAX = 3 * 1024 * MEBIBYTE

const read = (file: string) => readFileSync(join(repository, file), 'utf8')

const settings = ({ settingsFile }: Stack) => parseEnv(readFileSync(settingsFile, 'utf8'))

describe.skipIf(!hasDocker)(titleOf('what docker-compose.yml says'), () => {
  let stack: Stack
  let services: [string, Service][]
  let lasting: [string, Service][]

  beforeAll(async () => {
    stack = await prepareStack('config')
    services = Object.entries((await configOf(stack)).services)
    lasting = services.filter(([, { restart }]) => restart === 'unless-stopped')
  })
  afterAll(() => stack.remove())

  const names = (found: [string, Service][]) => found.map(([name]) => name)

  test('the default set is the product and what watches it', () => {
    expect(names(lasting).toSorted()).toEqual([
      'alertmanager',
      'alloy',
      'api-blue',
      'api-green',
      'db',
      'docker-reader',
      'grafana',
      'loki',
      'nginx',
      'nginx-exporter',
      'node-exporter',
      'partners',
      'postgres-exporter',
      'postgres-statements-exporter',
      'prometheus',
      'worker',
    ])
    expect(settings(stack).COMPOSE_PROFILES).toBe('monitoring')
  })

  test('no service writes its own files, holds a capability or may gain a right', () => {
    for (const [name, service] of services) {
      expect(service.read_only, name).toBe(true)
      expect(service.cap_drop, name).toEqual(['ALL'])
      expect(service.cap_add, name).toBeUndefined()
      expect(service.privileged, name).toBeUndefined()
      expect(service.security_opt, name).toEqual(['no-new-privileges:true'])
      expect(service.user ?? 'of its image', name).not.toMatch(/^(root|0)(:|$)/)
    }
  })

  test('together, with both colours at once as in a release, they may take less than 3 GB', () => {
    const limits = lasting.map(([name, service]) => {
      const replicas = name.startsWith('api-') ? 2 : 1
      expect(Number(service.mem_limit), name).toBeGreaterThan(0)
      return Number(service.mem_limit) * replicas
    })
    const sum = limits.reduce((total, limit) => total + limit, 0)
    process.stdout.write(`memory limits: ${sum / MEBIBYTE} MiB\n`)
    expect(sum).toBeLessThan(MEMORY_MAX)
  })

  test('where the processor is short, whoever passengers wait for has four times as much as the others', () => {
    const first = lasting.filter(([, { cpu_shares = 1024 }]) => cpu_shares === 1024)
    expect(names(first).toSorted()).toEqual(['api-blue', 'api-green', 'db', 'nginx', 'partners'])
    const others = lasting.filter(([name]) => !names(first).includes(name))
    for (const [name, { cpu_shares }] of others) expect(cpu_shares, name).toBe(256)
  })

  test('each that stays has a health check, and logs that are cut', () => {
    for (const [name, service] of services)
      expect(service.logging?.options, name).toEqual({ 'max-file': '5', 'max-size': '20m' })
    expect(names(lasting.filter(([, { healthcheck }]) => !healthcheck))).toEqual([])
  })

  test('only Nginx is published beyond this machine', () => {
    const beyond = services.filter(([, { ports = [] }]) =>
      ports.some(({ host_ip }) => host_ip !== '127.0.0.1'),
    )
    expect(names(beyond)).toEqual(['nginx'])
  })

  test('the database is on a network that leads nowhere else, and nobody but its clients is on it', async () => {
    const { networks } = await configOf(stack)
    expect(networks.data).toMatchObject({ internal: true })
    expect(
      names(
        services.filter(([, service]) => service.networks && 'data' in service.networks),
      ).toSorted(),
    ).toEqual([
      'api-blue',
      'api-green',
      'db',
      'first-data',
      'migrate',
      'postgres-exporter',
      'postgres-statements-exporter',
      'roles',
      'worker',
    ])
    expect(Object.keys(services.find(([name]) => name === 'db')![1].networks!)).toEqual(['data'])
  })

  test('no secret is in an environment, and the engine’s socket is where it can only be read from', () => {
    const secrets = Object.entries(settings(stack))
      .filter(([name]) => /(PASSWORD|SECRET|KEY)$/.test(name))
      .map(([, value]) => value!)
    expect(secrets.length).toBeGreaterThan(8)
    const text = JSON.stringify(services)
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    const withSocket = services.filter(([, { volumes = [] }]) =>
      volumes.some(({ source }) => source.includes('docker.sock')),
    )
    expect(names(withSocket)).toEqual(['docker-reader'])
  })

  test('every image is pinned to a version', () => {
    expect(pinnedImages().filter((image) => !/:v?\d+\.\d+(\.\d+)?(-slim)?$/.test(image))).toEqual(
      [],
    )
    expect(pinnedImages().length).toBeGreaterThan(9)
  })

  test('Node runs in the image with the flags with which it is measured', () => {
    const words = JSON.stringify(['node', ...nodeFlags]).replaceAll(',', ', ')
    expect(read('app/backend/Dockerfile')).toContain(`ENTRYPOINT ${words}`)
  })

  test('on EC2 there is no database and nothing is built: our images come by digest, RDS by its own authority', async () => {
    const digest = `registry.example/aeroflash@sha256:${'0'.repeat(64)}`
    const images = ['NGINX', 'API_BLUE', 'API_GREEN', 'WORKER', 'MIGRATE']
    const overlay = { COMPOSE_FILE: 'docker-compose.yml:docker-compose.aws.yml' }
    const named = Object.fromEntries(images.map((name) => [`${name}_IMAGE`, digest]))
    const aws = await prepareStack('aws', { ...overlay, ...named })
    const { services } = await configOf(aws)
    expect(Object.keys(services)).not.toContain('db')
    expect(Object.keys(services)).not.toContain('partners')
    for (const [name, service] of Object.entries(services)) {
      expect(service.build, name).toBeUndefined()
      expect(service.image, name).not.toMatch(/:dev$/)
      const addresses = service.secrets?.filter(({ source }) =>
        /_database_url$|^monitor_/.test(source),
      )
      if (name !== 'check-secrets' && addresses?.length)
        expect(service.secrets, name).toContainEqual(
          expect.objectContaining({ source: 'database_ca' }),
        )
    }
    const { network_mode, ports } = services['cloudwatch-exporter']!
    expect({ network_mode, ports }, 'the host’s, for it is the host that AWS knows').toEqual({
      network_mode: 'host',
    })
    for (const name of ['api-blue', 'api-green', 'worker', 'migrate', 'nginx', 'nginx-exporter'])
      expect(services[name]!.image).toBe(digest)
    aws.forget()

    const nameless = await prepareStack('aws', overlay)
    await expect(nameless.compose('config')).rejects.toThrow(/by digest/)
    nameless.forget()
  })

  test('without secrets Compose refuses, and says what to do', async () => {
    const without = await prepareStack('none', { SECRETS: '' })
    await expect(without.compose('config')).rejects.toThrow(/npm run env/)
    without.forget()
  })
})
