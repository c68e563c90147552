import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { folder } from './test-support.ts'
import { isThere } from './verbs/program.ts'

const run = promisify(execFile)
const good = 'vJ2mQx7Lr9TzKp4WbN8s'
const passwords = [
  'JENKINS_ADMIN_PASSWORD',
  'JENKINS_RELEASE_MANAGER_PASSWORD',
  'JENKINS_AGENT_BUILD_PASSWORD',
  'JENKINS_AGENT_DEPLOY_PASSWORD',
]
let secrets = await mkdtemp(join(tmpdir(), 'aeroflash-jenkins-'))
const made = [secrets]

beforeEach(async () => {
  secrets = await mkdtemp(join(tmpdir(), 'aeroflash-jenkins-'))
  made.push(secrets)
  for (const name of passwords) await writeFile(join(secrets, name), good)
})
afterAll(() => Promise.all(made.map((one) => rm(one, { recursive: true, force: true }))))

type Failed = { code: number; stderr: string }
const sh = (script: string, environment: Record<string, string>, args: string[] = []) =>
  run('sh', [join(folder, script), ...args], {
    env: { ...process.env, SECRETS: secrets, ...environment },
  })
const failing = (running: Promise<unknown>) =>
  running.then(
    () => undefined,
    (error: Failed) => error,
  )

describe('the controller', () => {
  const start = () => sh('start.sh', { JENKINS_PROGRAM: 'echo' }, ['started'])

  test('starts with passwords of its own', async () => {
    expect((await start()).stdout).toBe('started\n')
  })

  test('refuses missing, short and default ones, and names them all at once', async () => {
    await rm(join(secrets, passwords[0]!))
    await writeFile(join(secrets, passwords[1]!), 'short')
    await writeFile(join(secrets, passwords[2]!), 'changeme-changeme-changeme')
    const refused = await failing(start())
    expect(refused?.code).toBe(1)
    expect(refused?.stderr).toContain('JENKINS_ADMIN_PASSWORD is missing')
    expect(refused?.stderr).toContain('JENKINS_RELEASE_MANAGER_PASSWORD is shorter than 20')
    expect(refused?.stderr).toContain('JENKINS_AGENT_BUILD_PASSWORD is a placeholder')
    expect(refused?.stderr).not.toContain('JENKINS_AGENT_DEPLOY_PASSWORD')
    expect(refused?.stderr).not.toContain('changeme')
  })

  test('starts with what npm run jenkins:secrets makes, which leaves alone what is there', async () => {
    const verb = join(folder, 'verbs/make-secrets.ts')
    for (const name of passwords.slice(1)) await rm(join(secrets, name))
    await run(process.execPath, [verb], { env: { ...process.env, JENKINS_SECRETS: secrets } })
    expect((await start()).stdout).toBe('started\n')
    const { stdout } = await run('sh', [
      '-c',
      `cat ${secrets}/${passwords[0]}; cd ${secrets}; cat ${passwords.slice(1).join(' ')} | wc -c; ls | wc -l`,
    ])
    expect(stdout.split(/\s+/)).toEqual([`${good}96`, '10', ''])
  })
})

const hasCurl = await isThere('curl')
if (!hasCurl) process.stderr.write('not run: how an agent joins, because there is no curl here\n')

describe.skipIf(!hasCurl)(`an agent${hasCurl ? '' : ' (NOT RUN: there is no curl here)'}`, () => {
  const key = 'a1'.repeat(32)
  const login = `Basic ${Buffer.from(`agent-build:${good}`).toString('base64')}`

  // Stands in for Jenkins, of which there is none here.
  const withController = async (offline: boolean, work: (url: string) => Promise<void>) => {
    const server = createServer(({ url, headers }, answer) => {
      if (headers.authorization !== login) answer.writeHead(401).end()
      else if (url === '/computer/build/jenkins-agent.jnlp')
        answer.end(`<jnlp><argument>${key}</argument><argument>build</argument></jnlp>`)
      else if (url?.startsWith('/computer/build/api/json')) answer.end(JSON.stringify({ offline }))
      else if (url === '/jnlpJars/agent.jar') answer.end('jar')
      else answer.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    } finally {
      server.close()
    }
  }

  const connect = async (url: string, args: string[] = [], more: Record<string, string> = {}) => {
    const bin = await mkdtemp(join(tmpdir(), 'aeroflash-jenkins-'))
    made.push(bin)
    // In Java's place: what it was called with, and what the file with the secret holds.
    const java =
      '#!/bin/sh\necho "$@"\nfor a; do case $a in @*) cat "${a#@}"; rm -rf "$(dirname "${a#@}")" ;; esac; done\n'
    await writeFile(join(bin, 'java'), java, { mode: 0o755 })
    const environment = {
      JENKINS_URL: url,
      AGENT_NAME: 'build',
      CONNECT_TRIES: '1',
      PATH: `${bin}:${process.env.PATH}`,
      ...more,
    }
    return sh('agent/connect.sh', environment, args)
  }

  beforeEach(() => writeFile(join(secrets, 'JENKINS_AGENT_PASSWORD'), good))

  test('asks for its own secret, and joins by web socket without naming it', async () => {
    await withController(false, async (url) => {
      const { stdout } = await connect(url)
      const [called = '', secret] = stdout.trim().split('\n')
      expect(called).toMatch(new RegExp(`-url ${url} -name build -secret @\\S+ -webSocket`))
      expect(called).not.toContain(good)
      expect(secret).toBe(key)
    })
  })

  test('makes the folder for what tests leave before anything runs there, and keeps nothing of its own in it', async () => {
    const TMPDIR = join(secrets, 'agent/tmp')
    await withController(false, async (url) => {
      await connect(url, [], { TMPDIR })
      expect(await readdir(TMPDIR)).toEqual([])
    })
  })

  test('says why it cannot join', async () => {
    await writeFile(join(secrets, 'JENKINS_AGENT_PASSWORD'), 'another')
    await withController(false, async (url) => {
      const refused = await failing(connect(url))
      expect(refused?.stderr).toContain('401')
    })
  })

  test('is healthy while the controller says that it is online', async () => {
    await withController(false, async (url) =>
      expect(await failing(connect(url, ['health']))).toBeUndefined(),
    )
    await withController(true, async (url) =>
      expect((await failing(connect(url, ['health'])))?.code).toBe(1),
    )
  })
})
