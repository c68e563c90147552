import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deployFields } from '../monitoring/test/log-fields.ts'
import { folder } from './test-support.ts'

type Heard = { path: string; headers: IncomingHttpHeaders; body: string }

const run = promisify(execFile)
const commit = 'c0ffee'.repeat(6) + 'c0ff'
const heard: Heard[] = []
let status = 200
let reply = '{}'

// Stands in for Grafana, Loki, a chat and Jenkins, none of which is here.
const server = createServer(async (request, answer) => {
  heard.push({ path: request.url ?? '', headers: request.headers, body: await text(request) })
  answer.writeHead(status, { 'set-cookie': 'JSESSIONID=s1; Path=/' }).end(reply)
})
let url = ''
let kept = ''

beforeAll(async () => {
  kept = await mkdtemp(join(tmpdir(), 'aeroflash-messages-'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await rm(kept, { recursive: true })
})
beforeEach(() => {
  heard.length = 0
  status = 200
  reply = '{}'
})

const verb = async (name: string, words: string[], settings: Record<string, string>) => {
  const args = [join(folder, 'verbs', `${name}.ts`), ...words]
  const env = { PATH: process.env.PATH, GIT_COMMIT: commit, ...settings }
  return run(process.execPath, args, { env }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stdout, stderr }) => ({ code: Number(code), said: `${stdout}${stderr}` }),
  )
}

test('a release is told to the team, and the address that it was told by is not', async () => {
  const { code, said } = await verb('notify', ['released'], {
    NOTIFY_WEBHOOK_URL: `${url}/hooks/T0SECRET`,
    BUILD_URL: 'https://ci.example/7/',
  })
  expect(code).toBe(0)
  expect(JSON.parse(heard[0]!.body)).toEqual({
    text: 'AeroFlash c0ffeec0ffee is live in production: https://ci.example/7/',
  })
  expect(said).not.toContain('T0SECRET')
})

test('a refusal names the host and the status, never the secret address', async () => {
  status = 403
  const { code, said } = await verb('notify', ['failed'], {
    NOTIFY_WEBHOOK_URL: `${url}/hooks/T0SECRET`,
  })
  expect(code).toBe(1)
  expect(said).toContain('answered 403')
  expect(said).not.toContain('T0SECRET')
})

test('a secret may be a file', async () => {
  const file = join(kept, 'webhook')
  await writeFile(file, `${url}/hooks/by-file\n`)
  await verb('notify', ['fixed'], { NOTIFY_WEBHOOK_URL_FILE: file })
  expect(heard.map(({ path }) => path)).toEqual(['/hooks/by-file'])
})

test('a release is marked in Loki and in Grafana', async () => {
  const marked = { LOKI_URL: url, GRAFANA_URL: url, GRAFANA_TOKEN: 'glsa_secret' }
  const settings = { ...marked, BUILD_URL: 'https://jenkins.example/job/7' }
  const { code, said } = await verb('mark', ['production'], settings)
  expect(code).toBe(0)
  const [loki, grafana] = heard
  expect(loki!.path).toBe('/loki/api/v1/push')
  const { streams } = JSON.parse(loki!.body) as {
    streams: { stream: object; values: [string, string][] }[]
  }
  expect(streams[0]!.stream).toEqual({ service_name: 'deploys', env: 'production', level: 'info' })
  const [nanoseconds, line] = streams[0]!.values[0]!
  expect(Math.abs(Number(nanoseconds.slice(0, -6)) - Date.now())).toBeLessThan(60_000)
  expect(JSON.parse(line)).toMatchObject({ event: 'release', environment: 'production', commit })
  expect(Object.keys(JSON.parse(line) as object)).toEqual(expect.arrayContaining([...deployFields]))
  expect(grafana!.path).toBe('/api/annotations')
  expect(grafana!.headers.authorization).toBe('Bearer glsa_secret')
  expect(JSON.parse(grafana!.body)).toEqual({
    tags: ['release', 'production'],
    text: 'released c0ffeec0ffee to production',
  })
  expect(said).not.toContain('glsa_secret')
})

test('a mark that can go nowhere says so', async () => {
  expect((await verb('mark', ['staging'], {})).said).toContain('MARKED NOWHERE')
})

test('a running Jenkins is asked about the Jenkinsfile, with a crumb of its session', async () => {
  reply =
    '{"crumb":"c1","crumbRequestField":"Jenkins-Crumb","said":"Jenkinsfile successfully validated."}'
  const { code } = await verb('lint-pipeline', [], {
    JENKINS_URL: url,
    JENKINS_ADMIN_PASSWORD: 'p1',
  })
  expect(code).toBe(0)
  const [, asked] = heard
  expect(asked!.path).toBe('/pipeline-model-converter/validate')
  expect(asked!.headers).toMatchObject({ 'jenkins-crumb': 'c1', cookie: 'JSESSIONID=s1' })
  const jenkinsfile = await readFile(join(folder, '../../Jenkinsfile'), 'utf8')
  expect(new URLSearchParams(asked!.body).get('jenkinsfile')).toBe(jenkinsfile)
})

test('what Jenkins has against it is shown, and fails', async () => {
  reply = '{"crumb":"c1","crumbRequestField":"Jenkins-Crumb","said":"Unknown stage section stpes"}'
  const refused = await verb('lint-pipeline', [], {
    JENKINS_URL: url,
    JENKINS_ADMIN_PASSWORD: 'p1',
  })
  expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('Unknown stage section') })
})

test('every package that runs in production is listed, and none that does not', async () => {
  const { code } = await verb('sbom', [], { REPORTS: kept, HOME: kept })
  expect(code).toBe(0)
  const bill = JSON.parse(await readFile(join(kept, 'sbom.cdx.json'), 'utf8')) as {
    components: { name: string }[]
  }
  const names = bill.components.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['hono', 'pg', 'zod', 'pino']))
  expect(names).not.toContain('vitest')
})

test('a scanner that is not there is said loudly, and is no pass where it is required', async () => {
  const bin = await mkdtemp(join(kept, 'bin-'))
  await symlink(process.execPath, join(bin, 'node'))
  await symlink((await run('sh', ['-c', 'command -v npm'])).stdout.trim(), join(bin, 'npm'))
  const empty = { REPORTS: kept, HOME: kept, PATH: bin }
  const lenient = await verb('scan', [], empty)
  expect(lenient).toMatchObject({ code: 0, said: expect.stringContaining('NOT RUN: trivy') })
  const strict = await verb('scan', [], { ...empty, SCANNERS_REQUIRED: 'true' })
  expect(strict).toMatchObject({
    code: 1,
    said: expect.stringContaining('Not clean: trivy, gitleaks'),
  })
})
