import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LINES } from './readme/cost.ts'
import { SHOWN } from './readme/write-readme.ts'
import { environment, environments, findEnvironment } from './settings.ts'
import { inOrder, readManifest, readStack } from './synthesised.ts'

const production = findEnvironment('production')
const ha = findEnvironment('production-ha')
const dr = findEnvironment('production-dr')
const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')

const complaints = (given: object) =>
  environment.safeParse(given).error?.issues.map(({ message }) => message) ?? []

test.each([
  ['single has one host', { ...production, hosts: { ...production.hosts, most: 2 } }],
  ['ha begins at two hosts', { ...ha, hosts: { ...ha.hosts, least: 1 } }],
  [
    'where hosts come and go, the monitoring has its own',
    { ...ha, monitoring: production.monitoring },
  ],
  ['ha-dr, and nothing else, has a region away', { ...dr, away: undefined }],
  ['ha-dr, and nothing else, has a region away', { ...ha, away: dr.away }],
  ['away is somewhere else', { ...dr, away: { ...dr.away, region: dr.region } }],
  ['away has addresses of its own', { ...dr, away: { ...dr.away, cidr: dr.cidr } }],
  ['the domain is not within its zone', { ...production, domain: 'example.org' }],
  [
    'a Graviton machine, such as t4g.medium',
    { ...production, hosts: { ...production.hosts, machine: 't3.medium' } },
  ],
])('settings that cannot be meant are refused: %s', (message, given) => {
  expect(complaints(given)).toEqual([message])
})

test('every topology has an environment, and no two share a network or a name', () => {
  expect(new Set(environments.map(({ topology }) => topology))).toEqual(
    new Set(['single', 'ha', 'ha-dr']),
  )
  for (const key of ['name', 'domain', 'cidr'] as const)
    expect(new Set(environments.map((one) => one[key])).size).toBe(environments.length)
})

test('an environment that is not there is named, with those that are', () => {
  expect(() => findEnvironment('prod')).toThrow(
    /no environment prod\. There are: dev, staging, production/,
  )
})

test.each(Object.entries(SHOWN))(
  'the picture of %s shows every kind of resource there is, and no other',
  (topology, name) => {
    const [, picture = ''] = readme.split(`<!-- picture ${topology} -->`)
    const shown = new Set(
      picture.split(`<!-- /picture ${topology} -->`)[0]?.match(/aws_[a-z0-9_]+/g),
    )
    const there = new Set(
      inOrder(readManifest(name)).flatMap((stack) =>
        Object.keys(readStack(name, stack).resource ?? {}),
      ),
    )
    expect([...shown].toSorted()).toEqual([...there].toSorted())
  },
)

test('every environment has a price, within its budget', () => {
  const [, table = ''] = readme.split('<!-- cost -->')
  for (const { name, budgetUsd } of environments) {
    const row = table.split('\n').find((line) => line.startsWith(`| ${name} `)) ?? ''
    const cells = row.split('|').map((cell) => cell.trim())
    expect(cells).toHaveLength(4 + LINES.length + 3)
    const price = Number(cells.at(-3)?.replaceAll('*', ''))
    expect(price).toBeGreaterThan(50)
    expect(price, name).toBeLessThan(budgetUsd)
  }
})
