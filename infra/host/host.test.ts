import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { releaseDocument } from '../constructs/release-document.ts'
import type { Resources } from '../policies/rule.ts'
import { environments } from '../settings.ts'
import { inOrder, readManifest, readStack } from '../synthesised.ts'

const here = (path: string) => new URL(path, import.meta.url)
const scripts = globSync('*', { cwd: here('bin') }).toSorted()

const hosts = environments.flatMap(({ name }) =>
  inOrder(readManifest(name)).flatMap((stack) => {
    const { aws_launch_template: templates = {} } = readStack(name, stack).resource as Resources
    return Object.entries(templates).map(([id, { user_data }]) => ({
      host: `${name}/${stack}/${id}`,
      config: Buffer.from(user_data as string, 'base64').toString(),
    }))
  }),
)

type CloudConfig = { write_files: { path: string; content: string }[]; runcmd: string[][] }

const fileOf = (config: string, path: string) =>
  (parse(config) as CloudConfig).write_files.find((file) => file.path === path)?.content

test.each(hosts)(
  '$host is told all it needs in what EC2 takes, and none of it is secret',
  ({ config }) => {
    expect(Buffer.byteLength(config)).toBeLessThanOrEqual(16_384)
    for (const script of scripts)
      expect(fileOf(config, `/usr/local/bin/${script}`)).toMatch(/^#!\/bin\/bash/)
    for (const path of ['/etc/aeroflash/host', '/etc/aeroflash/settings'])
      expect(fileOf(config, path)).not.toMatch(/password|secret=|token|key=/i)
  },
)

test('a host of the region away fetches bundles of that region', () => {
  const away = hosts.find(({ host }) => host === 'production-dr/dr/hosts-template')
  const identity = fileOf(away?.config ?? '', '/etc/aeroflash/host')
  expect(identity).toContain("BUNDLES='example-air-aeroflash-production-dr-bundles-away'")
  expect(identity).toContain("AWS_DEFAULT_REGION='eu-central-1'")
})

test('the scripts are clean to shellcheck, where it is', ({ skip }) => {
  const { error, stdout } = spawnSync('shellcheck', ['-e', 'SC1091', ...scripts], {
    cwd: here('bin'),
    encoding: 'utf8',
  })
  skip(error !== undefined, 'no shellcheck')
  expect(stdout).toBe('')
})

test('cloud-init knows every word of it, where it is', ({ skip }) => {
  skip(spawnSync('cloud-init', ['--version']).error !== undefined, 'no cloud-init')
  const folder = mkdtempSync(join(tmpdir(), 'infra-cloud-init-'))
  const file = join(folder, 'user-data')
  for (const { config, host } of hosts.filter(({ host }) => host.startsWith('production-dr'))) {
    writeFileSync(file, config)
    expect(
      execFileSync('cloud-init', ['schema', '--config-file', file], { encoding: 'utf8' }),
      host,
    ).toMatch(/^Valid/)
  }
  rmSync(folder, { recursive: true })
})

test.each([
  ['deploy', 'main'],
  ['deploy', `${'a'.repeat(39)};`],
  ['sh', 'a'.repeat(40)],
  ['deploy', ''],
])('asked for %j %j, the host does nothing', (verb, release) => {
  const folder = mkdtempSync(join(tmpdir(), 'infra-host-'))
  const script = readFileSync(here('bin/aeroflash-release'), 'utf8').replace(
    '. /etc/aeroflash/host',
    '',
  )
  writeFileSync(join(folder, 'release'), script, { mode: 0o755 })
  const { status, stderr } = spawnSync(join(folder, 'release'), [verb, release], {
    encoding: 'utf8',
  })
  rmSync(folder, { recursive: true })
  expect([status, stderr]).toEqual([64, 'usage: release deploy|rollback|migrate <commit>\n'])
})

test('what may be asked from outside has a known shape', () => {
  const { Verb, Release } = releaseDocument.parameters
  for (const pattern of [Verb.allowedPattern, Release.allowedPattern])
    for (const evil of ['; rm -rf /', '$(reboot)', '`id`', 'a b', ''])
      expect(new RegExp(pattern).test(evil), `${pattern} takes ${evil}`).toBe(false)
  expect(releaseDocument.mainSteps.flatMap(({ inputs }) => inputs.runCommand)).toEqual([
    '/usr/local/bin/aeroflash-release {{ Verb }} {{ Release }}',
  ])
})
