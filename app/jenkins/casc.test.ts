import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { casc as schema } from './casc-schema.ts'
import { readCasc, readPlugins, readText } from './test-support.ts'
import { repository } from './verbs/repository.ts'

const casc = await readCasc()
const everything = casc.files.map(({ text }) => text).join('\n')
const entries = casc.parts.flatMap(
  (part) => part.jenkins?.authorizationStrategy?.projectMatrix.entries ?? [],
)
const permissionsOf = (name: string) =>
  entries.filter(({ user }) => user.name === name).flatMap(({ user }) => user.permissions)

describe('the controller as code', () => {
  test('it builds nothing itself', () => {
    const executors = casc.parts.flatMap((part) => part.jenkins?.numExecutors ?? [])
    expect(executors).toEqual([0])
    expect(casc.labels.toSorted()).toEqual(['build', 'deploy'])
  })

  test('no key is set in two files', () => {
    const keys = casc.parts.flatMap(({ jenkins, ...others }) => [
      ...Object.keys(jenkins ?? {}).map((key) => `jenkins.${key}`),
      ...Object.keys(others),
    ])
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted())
  })

  test('whoever has not signed in may do nothing, and so may whoever merely has', () => {
    expect(permissionsOf('anonymous')).toEqual([])
    expect(permissionsOf('authenticated')).toEqual([])
    expect(everything).not.toMatch(/\b(anonymous|authenticated|group):/)
  })

  test('only admin administers, and everybody with permissions can sign in', () => {
    const admins = entries.filter(({ user }) => user.permissions.includes('Overall/Administer'))
    expect(admins.map(({ user }) => user.name)).toEqual(['admin'])
    expect(entries.map(({ user }) => user.name).toSorted()).toEqual(casc.users.toSorted())
  })

  test('each agent may be connected by its own account alone', () => {
    const mayConnect = casc.nodes.map(({ permanent }) => [
      permanent.name,
      permanent.nodeProperties.flatMap(({ authorizationMatrix }) =>
        authorizationMatrix.entries.map(({ user }) => `${user.name} ${user.permissions.join()}`),
      ),
    ])
    expect(mayConnect).toEqual([
      ['build', ['agent-build Agent/Connect']],
      ['deploy', ['agent-deploy Agent/Connect']],
    ])
    expect(entries.flatMap(({ user }) => user.permissions)).not.toContain('Agent/Connect')
  })

  test('pull requests of forks are not discovered', () => {
    expect(everything).toContain('gitHubPullRequestDiscovery')
    expect(everything).not.toMatch(/gitHubForkDiscovery|ForkPullRequest/)
  })

  test('credentials have names of their own', () => {
    expect(new Set(casc.credentialIds).size).toBe(casc.credentialIds.length)
  })
})

const refused: [string, string][] = [
  [
    'a default password',
    'jenkins: { securityRealm: { local: { allowsSignup: false, users: [{ id: admin, password: admin }] } } }',
  ],
  [
    'a password with a default',
    'jenkins: { securityRealm: { local: { allowsSignup: false, users: [{ id: admin, password: "${PASSWORD:-admin}" }] } } }',
  ],
  ['builds on the controller', 'jenkins: { numExecutors: 2 }'],
  ['an open port for agents', 'jenkins: { slaveAgentPort: 50000 }'],
  ['sign-up', 'jenkins: { securityRealm: { local: { allowsSignup: true, users: [] } } }'],
  ['a key that is misspelt', 'jenkins: { numExecuters: 0 }'],
  [
    'a secret in the file',
    'credentials: { system: { domainCredentials: [{ credentials: [{ string: { scope: GLOBAL, id: a, description: b, secret: c } }] }] } }',
  ],
]

test.each(refused)('%s is refused', (_, text) => {
  expect(schema.safeParse(parse(text)).success).toBe(false)
})

type Compose = {
  services: Record<string, { environment?: Record<string, string>; secrets?: unknown[] }>
}

describe('every variable', () => {
  const names = [
    ...new Set(
      [...everything.matchAll(/\$\{(?:readFileBase64:\/run\/secrets\/)?([A-Z_]+)/g)].map(
        ([, name]) => name!,
      ),
    ),
  ]

  test('is given to the controller, by a file if it is a secret', async () => {
    const compose = parse(await readText('compose.jenkins.yml'), { merge: true }) as Compose
    const { environment = {}, secrets = [] } = compose.services.jenkins!
    const secret = names.filter((name) => secrets.includes(name))
    expect(names.filter((name) => !secrets.includes(name) && !(name in environment))).toEqual([])
    expect(new Set<unknown>(secret)).toEqual(new Set(secrets))
    expect(secret.filter((name) => name in environment)).toEqual([])
  })

  test('stands in the README', async () => {
    const readme = await readFile(join(repository, 'app/jenkins/README.md'), 'utf8')
    expect(names.length).toBeGreaterThan(15)
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
  })
})

test('each plugin is pinned, once', async () => {
  const plugins = await readPlugins()
  expect(
    plugins.filter(
      ({ name, version }) =>
        !/^[\w.-]+$/.test(version) || !/^[a-z0-9-]+$/.test(name) || version === 'latest',
    ),
  ).toEqual([])
  expect(new Set(plugins.map(({ name }) => name)).size).toBe(plugins.length)
  expect(plugins.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'configuration-as-code',
      'job-dsl',
      'matrix-auth',
      'github-branch-source',
    ]),
  )
})
