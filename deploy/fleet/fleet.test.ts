import { execFile } from 'node:child_process'
import { createServer, request } from 'node:http'
import type { Server } from 'node:http'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasMoto, startMoto } from './moto.ts'
import type { Moto } from './moto.ts'

const run = promisify(execFile)
const repository = fileURLToPath(new URL('../..', import.meta.url))
const title = 'a release to instances over SSM'
const why = '(not run: no moto_server and aws here)'

type Command = { Parameters: { Verb: string[]; Release: string[] }; InstanceIds: string[] }
type Sent = [verb: string | undefined, instance: string | undefined, release: string | undefined]

describe.skipIf(!hasMoto)(hasMoto ? title : `${title} ${why}`, { timeout: 400_000 }, () => {
  let moto: Moto
  let folder: string
  let instances: string[]
  let commit: string
  let proxy: Awaited<ReturnType<typeof failingFor>>

  beforeAll(async () => {
    moto = await startMoto()
    folder = await mkdtemp(join(tmpdir(), 'aeroflash-fleet-'))
    commit = (await run('git', ['rev-parse', 'HEAD'], { cwd: repository })).stdout.trim()
    instances = await startInstances(moto)
    await moto.aws(`s3api create-bucket --bucket bundles ${inEurope}`)
    await moto.aws('ssm create-document --name AeroFlash-Deploy', ...documentOf)
    proxy = await failingFor(moto.url)
    await publish(commit)
  }, 300_000)
  afterAll(async () => {
    proxy?.server.close()
    await moto?.stop()
    if (folder) await rm(folder, { recursive: true })
  })

  const publish = (commit: string) =>
    writeFile(
      join(folder, 'images.json'),
      JSON.stringify([{ name: 'api', commit, published: { staging: 'r/api@sha256:1' } }]),
    )

  const verb = (name: 'deploy' | 'rollback', words: string[] = []) => {
    const env = {
      ...process.env,
      ...moto.environment,
      AWS_ENDPOINT_URL: proxy.url,
      REPORTS: folder,
      STAGING_BUNDLES: 'bundles',
    }
    const program = join(repository, `deploy/${name}.ts`)
    const running = run(process.execPath, [program, 'staging', ...words], { env })
    const ended = running.then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    )
    return Object.assign(ended, { child: () => running.child })
  }
  const released = async () =>
    (
      await moto.aws<{ Parameter: { Value: string } }>(
        'ssm get-parameter --name /aeroflash/staging/released',
      )
    ).Parameter.Value
  const sayReleased = (commit: string) =>
    moto.aws(
      `ssm put-parameter --name /aeroflash/staging/released --type String --value ${commit} --overwrite`,
    )
  const lock = '/aeroflash/staging/release-lock'
  const older = 'e'.repeat(40)

  test('the schema first, by one instance', async () => {
    const { code, stderr } = await verb('deploy', ['--only', 'migrate'])
    expect([code, stderr]).toEqual([0, ''])
    expect(proxy.sent).toEqual([['migrate', instances[0], commit]])
  })

  test('one instance after another', async () => {
    proxy.sent = []
    const { code, stdout, stderr } = await verb('deploy')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`${commit} serves on 2 of 2 instances`)
    expect(proxy.sent).toEqual(instances.map((id) => ['deploy', id, commit]))
    expect(await released()).toBe(commit)
  })

  test('what an instance needs of the repository is there for it to fetch', async () => {
    const file = join(folder, 'bundle.tar.gz')
    const key = `releases/${commit}.tar.gz`
    await moto.aws(`s3api get-object --bucket bundles --key ${key} ${file}`)
    const { stdout } = await run('tar', ['-xzOf', file, 'release.json'])
    expect(JSON.parse(stdout)).toEqual({ commit, images: { api: 'r/api@sha256:1' } })
    expect((await run('tar', ['-tzf', file])).stdout).toContain('package.json')
  })

  describe('when the second does not go well', () => {
    const [first, second] = [0, 1]
    const deployed = [
      ['deploy', first, 'new'],
      ['deploy', second, 'new'],
    ]
    const erring = { verb: 'deploy', number: second, release: 'new', code: 42 }
    const stuck = { verb: 'rollback', number: first, release: 'new', code: 42 }
    const gone = { verb: 'deploy', number: first, release: 'old', code: 1 }
    test.each([
      {
        how: 'it says that it went back: the first goes back as well',
        failing: [erring],
        told: [...deployed, ['rollback', first, 'new']],
        code: 42,
      },
      {
        how: 'and the first knows of nothing before: it is given what served',
        failing: [erring, stuck],
        told: [...deployed, ['rollback', first, 'new'], ['deploy', first, 'old']],
        code: 42,
      },
      {
        how: 'and the first goes back to something else: it is given what served',
        failing: [erring],
        goesTo: 'older',
        told: [...deployed, ['rollback', first, 'new'], ['deploy', first, 'old']],
        code: 42,
      },
      {
        how: 'and the first can do neither: somebody is told to look',
        failing: [erring, stuck, gone],
        told: [...deployed, ['rollback', first, 'new'], ['deploy', first, 'old']],
        code: 43,
      },
      {
        how: 'and does not say that it went back: somebody is told to look',
        failing: [{ ...erring, code: 43 }],
        told: [...deployed, ['rollback', first, 'new']],
        code: 43,
      },
      {
        how: 'and was ended by somebody: somebody is told to look',
        failing: [{ ...erring, code: -1 }],
        told: [...deployed, ['rollback', first, 'new']],
        code: 43,
      },
    ])('$how', async ({ failing, told, code: expected, goesTo = 'old' }) => {
      const commits: Record<string, string> = { new: commit, old: older, older: 'd'.repeat(40) }
      await sayReleased(older)
      proxy.sent = []
      proxy.serving = commits[goesTo]!
      proxy.failing = failing.map(({ number, release, ...one }) => ({
        ...one,
        id: instances[number]!,
        release: commits[release]!,
      }))
      const { code, stderr } = await verb('deploy')
      proxy.failing = []
      expect([code, stderr]).toEqual([expected, expect.stringContaining('error ratio 9.9 %')])
      expect(proxy.sent).toEqual(
        told.map(([verb, number, release]) => [
          verb,
          instances[Number(number)],
          commits[String(release)],
        ]),
      )
      expect(await released()).toBe(older)
    })

    test('and the same commit served before: the first keeps it', async () => {
      await sayReleased(commit)
      proxy.sent = []
      proxy.failing = [{ verb: 'deploy', id: instances[second]!, release: commit, code: 42 }]
      const { code } = await verb('deploy')
      proxy.failing = []
      expect(code).toBe(42)
      expect(proxy.sent).toEqual(instances.map((id) => ['deploy', id, commit]))
    })
  })

  test('told to end, it ends in order: what was done goes back, and the lock is free', async () => {
    await sayReleased(older)
    proxy.sent = []
    proxy.serving = older
    proxy.isBusy = true
    const ending = verb('deploy')
    await expect.poll(() => proxy.sent.length, { timeout: 60_000 }).toBe(1)
    ending.child().kill('SIGTERM')
    await wait(500)
    proxy.isBusy = false
    const { code, stderr } = await ending
    expect([code, stderr]).toEqual([42, expect.stringContaining('interrupted by SIGTERM')])
    expect(proxy.sent).toEqual([
      ['deploy', instances[0], commit],
      ['rollback', instances[0], commit],
    ])
    await expect(moto.aws(`ssm get-parameter --name ${lock}`)).rejects.toThrow('ParameterNotFound')
  })

  test('the second release at a time is told who is at it', async () => {
    await moto.aws(`ssm put-parameter --name ${lock} --type String --value ana`)
    const { code, stderr } = await verb('deploy')
    await moto.aws(`ssm delete-parameter --name ${lock}`)
    expect([code, stderr]).toEqual([1, expect.stringContaining('under way: ana')])
  })

  test('going back goes to what served before, and new instances begin with it', async () => {
    const newer = 'f'.repeat(40)
    const [key, file] = [`releases/${newer}.previous`, join(folder, 'previous')]
    await writeFile(file, commit)
    await moto.aws(`s3api put-object --bucket bundles --key ${key} --body ${file}`)
    await sayReleased(newer)
    proxy.serving = commit
    const [id] = instances as [string]
    proxy.failing = [
      { verb: 'rollback', id, release: newer, code: 1 },
      { verb: 'deploy', id, release: commit, code: 1 },
    ]
    const half = await verb('rollback')
    expect([half.code, half.stderr]).toEqual([
      43,
      expect.stringContaining(`${commit} does not serve everywhere: ${instances[0]}`),
    ])
    expect(await released()).toBe(newer)

    proxy.failing = []
    proxy.sent = []
    const { code, stderr } = await verb('rollback', ['--leave', newer])
    expect([code, stderr]).toEqual([0, ''])
    expect(proxy.sent).toEqual(instances.map((id) => ['rollback', id, newer]))
    expect(await released()).toBe(commit)

    const again = await verb('rollback', ['--leave', newer])
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('nothing to leave')])
    expect(proxy.sent).toHaveLength(instances.length)
  })
})

const inEurope = '--create-bucket-configuration LocationConstraint=eu-west-1'
const documentOf = [
  '--document-type',
  'Command',
  '--content',
  JSON.stringify({ schemaVersion: '2.2', description: 'x', parameters: {}, mainSteps: [] }),
]

const tagged = (duty: string) =>
  `ResourceType=instance,Tags=[{Key=Environment,Value=staging},{Key=Duty,Value=${duty}}]`

/** Two that run the product, and one that only watches it. */
const startInstances = async ({ aws }: Moto) => {
  const start = async (duty: string, count: string) => {
    const started = await aws<{ Instances: { InstanceId: string }[] }>(
      `ec2 run-instances --image-id ami-12c6146b --count ${count} --tag-specifications ${tagged(duty)}`,
    )
    return started.Instances.map(({ InstanceId }) => InstanceId)
  }
  await start('monitor', '1')
  return (await start('app', '2')).toSorted()
}

/**
 * Before moto, which says of every command that it succeeded: of those that are to fail it says what ours
 * say. It also notes what is told to whom.
 */
const failingFor = async (url: string) => {
  const state = {
    failing: [] as { verb: string; id: string; release: string; code: number }[],
    isBusy: false,
    /** What an instance goes back to. */
    serving: '',
    sent: [] as Sent[],
    url: '',
    server: undefined as never as Server,
  }
  state.server = createServer((asked, answer) => {
    const parts: Buffer[] = []
    asked.on('data', (part: Buffer) => parts.push(part))
    asked.on('end', () => {
      const body = Buffer.concat(parts)
      const text = body.toString()
      const target = String(asked.headers['x-amz-target'] ?? '')
      if (target.endsWith('SendCommand')) {
        const { Parameters, InstanceIds } = JSON.parse(text) as Command
        state.sent.push([Parameters.Verb[0], InstanceIds[0], Parameters.Release[0]])
      }
      const isLooking = target.endsWith('GetCommandInvocation')
      const last = state.sent.at(-1)
      const failure = state.failing.find(
        ({ verb, id, release }) => [verb, id, release].join() === last?.join(),
      )
      const wentBack = last?.[0] === 'rollback' && wentTo(state.serving)
      const ended = failure ? failed(failure.code) : wentBack
      const said = state.isBusy ? { Status: 'InProgress' } : ended
      if (isLooking && said) {
        answer.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' })
        return void answer.end(JSON.stringify(said))
      }
      const onward = request(
        url + asked.url,
        { method: asked.method ?? 'GET', headers: asked.headers },
        (got) => {
          answer.writeHead(got.statusCode ?? 500, got.headers)
          got.pipe(answer)
        },
      )
      onward.on('error', () => answer.destroy())
      onward.end(body)
    })
  }).listen(0, '127.0.0.1')
  await once(state.server, 'listening')
  state.url = `http://127.0.0.1:${(state.server.address() as AddressInfo).port}`
  return state
}

const wentTo = (commit: string) => ({
  Status: 'Success',
  ResponseCode: 0,
  StandardOutputContent: `commit ${commit} serves`,
})

const failed = (code: number) => ({
  Status: 'Failed',
  ResponseCode: code,
  StandardErrorContent: 'TAKEN BACK: error ratio 9.9 %',
})
