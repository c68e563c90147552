import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { nodeFlags } from '../../app/backend/process.ts'
import { pinnedImages } from '../base-images.ts'
import { dockerGroup } from '../env.ts'
import { configOf } from './services.ts'
import type { Service } from './services.ts'
import { hasDocker, prepareStack, repository, titleOf } from './stack.ts'
import type { Stack } from './stack.ts'

const MEBIBYTE = 1024 * 1024
const MEMORY_MAX = 3 * 1024 * MEBIBYTE

const read = (file: string) => readFileSync(join(repository, file), 'utf8')

/** The data sources that Grafana 13.2 has as plugins, each a process (pkg/setting/setting_plugins.go). */
const broughtByGrafana = [
  'elasticsearch',
  'grafana-postgresql-datasource',
  'grafana-pyroscope-datasource',
  'influxdb',
  'jaeger',
  'loki',
  'mssql',
  'mysql',
  'opentsdb',
  'prometheus',
  'stackdriver',
  'tempo',
  'zipkin',
]

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
    const said = `${(sum / MEBIBYTE).toLocaleString('en')} MB`
    process.stdout.write(`memory limits: ${said}\n`)
    expect(sum).toBeLessThan(MEMORY_MAX)
    for (const file of ['README.md', 'deploy/stack/README.md']) expect(read(file)).toContain(said)
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

  test('each image of ours is built by one service, and fetched from nowhere by those that only run it', () => {
    const builders = services.filter(([, { build }]) => build)
    const built = builders.map(([, { image }]) => image)
    expect(built.toSorted()).toEqual([...new Set(built)].toSorted())
    expect(names(builders).toSorted()).toEqual(['check-secrets', 'db', 'nginx', 'partners'])
    const others = services.filter(([, { image, build }]) => built.includes(image) && !build)
    expect(others.length).toBeGreaterThan(5)
    for (const [name, { pull_policy }] of others) expect(pull_policy, name).toBe('never')
  })

  test('Grafana loads the data sources that it is given, and none of the others that come with it', () => {
    const { environment } = services.find(([name]) => name === 'grafana')![1]
    const disabled = environment!.GF_PLUGINS_DISABLE_PLUGINS!.split(/[, ]+/)
    const { datasources } = parse(
      read('app/monitoring/grafana/provisioning/datasources/datasources.yml'),
    ) as { datasources: { type: string }[] }
    const given = datasources.map(({ type }) => type)
    expect(given.filter((type) => disabled.includes(type))).toEqual([])
    expect([...given, ...disabled].toSorted()).toEqual(broughtByGrafana)
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
    const watching = { LOKI_URL: 'http://monitor.internal:3100' }
    const aws = await prepareStack('aws', { ...overlay, ...named, ...watching })
    const { services } = await configOf(aws)
    expect(Object.keys(services)).not.toContain('db')
    expect(Object.keys(services)).not.toContain('partners')
    for (const [name, service] of Object.entries(services)) {
      expect(service.build, name).toBeUndefined()
      expect(service.pull_policy ?? 'missing', name).toBe('missing')
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
    expect(services.alloy!.environment!.LOKI_PUSH_URL, 'beside the product’s own lines').toBe(
      'http://monitor.internal:3100/loki/api/v1/push',
    )
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

type Build = { context: string; dockerfile?: string; target?: string }

/** What a Compose file has built: the Dockerfile, and the stage of it that is named. */
const builtBy = (file: string) => {
  const { services } = parse(read(file), { merge: true, maxAliasCount: -1 }) as {
    services: Record<string, { build?: Build | string }>
  }
  return Object.values(services).flatMap(({ build }) => {
    if (build === undefined || typeof build === 'string' || !build.target) return []
    const dockerfile = join(dirname(file), build.context, build.dockerfile ?? 'Dockerfile')
    return [{ dockerfile, target: build.target }]
  })
}

const wordsOf = (file: string, pattern: RegExp) =>
  [...read(file).matchAll(pattern)].map(([, dockerfile, target]) => ({
    dockerfile: dockerfile!,
    target: target!,
  }))

test.for([
  ['docker-compose.yml', 3],
  ['app/jenkins/compose.jenkins.yml', 2],
] as const)('each stage that %s has built is in its Dockerfile', ([file, count]) => {
  expect(builtBy(file)).toHaveLength(count)
  for (const built of builtBy(file)) expectStage(built)
})

test.for([
  ['deploy/release/image.ts', /'(\S+Dockerfile)', '([\w-]+)'/g],
  ['app/jenkins/verbs/images.ts', /'(\S+Dockerfile)', '--target', '([\w-]+)'/g],
] as const)('each stage that %s has built is in its Dockerfile', ([file, pattern]) => {
  expect(wordsOf(file, pattern)).toHaveLength(2)
  for (const built of wordsOf(file, pattern)) expectStage(built)
})

const expectStage = ({ dockerfile, target }: { dockerfile: string; target: string }) => {
  const stages = [...read(dockerfile).matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name)
  expect(stages, dockerfile).toContain(target)
}

test('the socket’s group is asked of the machine on which the engine is', () => {
  const file = join(repository, 'README.md')
  expect(dockerGroup('linux', file)).toBe(String(statSync(file).gid))
  expect(dockerGroup('linux', join(repository, 'not-there'))).toBe('0')
  expect(dockerGroup('darwin', '/')).toBe('0')
})
