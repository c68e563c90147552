import { execFile } from 'node:child_process'
import { createServer, request } from 'node:http'
import type { Server } from 'node:http'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  let group: string
  let commit: string
  let proxy: Awaited<ReturnType<typeof failingFor>>

  beforeAll(async () => {
    moto = await startMoto()
    folder = await mkdtemp(join(tmpdir(), 'aeroflash-fleet-'))
    commit = (await run('git', ['rev-parse', 'HEAD'], { cwd: repository })).stdout.trim()
    instances = await startInstances(moto)
    group = await makeGroup(moto, instances)
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

  const verb = async (name: 'deploy' | 'rollback', words: string[] = [], more: object = {}) => {
    const env = {
      ...process.env,
      ...moto.environment,
      AWS_ENDPOINT_URL: proxy.url,
      REPORTS: folder,
      STAGING_BUNDLES: 'bundles',
      ...more,
    }
    const program = join(repository, `deploy/${name}.ts`)
    return run(process.execPath, [program, 'staging', ...words], { env }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    )
  }
  const released = async () =>
    (
      await moto.aws<{ Parameter: { Value: string } }>(
        'ssm get-parameter --name /aeroflash/staging/released',
      )
    ).Parameter.Value
  const lock = '/aeroflash/staging/release-lock'

  test('the schema first, by one instance', async () => {
    const { code, stderr } = await verb('deploy', ['--only', 'migrate'])
    expect([code, stderr]).toEqual([0, ''])
    expect(proxy.sent).toEqual([['migrate', instances[0], commit]])
  })

  test('one instance after another, each out of the load balancer meanwhile and back in it', async () => {
    proxy.sent = []
    const balancer = { STAGING_TARGET_GROUP_ARN: group }
    const { code, stdout, stderr } = await verb('deploy', [], balancer)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`${commit} serves on 2 of 2 instances`)
    expect(proxy.sent).toEqual(instances.map((id) => ['deploy', id, commit]))
    expect(proxy.balanced).toEqual(instances.flatMap((id) => [`out ${id}`, `in ${id}`]))
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

  test('when the second fails, the first goes back, and nothing is released', async () => {
    proxy.sent = []
    proxy.failing = [{ verb: 'deploy', id: instances[1]!, code: 42 }]
    const { code, stderr } = await verb('deploy')
    expect(code).toBe(42)
    expect(stderr).toContain('error ratio 9.9 %')
    expect(proxy.sent).toEqual([
      ['deploy', instances[0], commit],
      ['deploy', instances[1], commit],
      ['rollback', instances[0], commit],
    ])
  })

  const second = (code: number) => ({ verb: 'deploy', number: 1, code })
  test.each([
    { what: 'one that failed does not say that it went back', failing: [second(43)] },
    { what: 'one that failed was ended by somebody', failing: [second(-1)] },
    {
      what: 'one that was done does not go back',
      failing: [second(42), { verb: 'rollback', number: 0, code: 42 }],
    },
  ])('when $what, somebody is told to look', async ({ failing }) => {
    proxy.failing = failing.map(({ number, ...one }) => ({ ...one, id: instances[number]! }))
    const { code, stderr } = await verb('deploy')
    expect([code, stderr]).toEqual([43, expect.stringContaining('not taken back everywhere')])
    for (const { id } of proxy.failing) expect(stderr).toContain(id)
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
    await moto.aws(
      `ssm put-parameter --name /aeroflash/staging/released --value ${newer} --overwrite`,
    )
    proxy.failing = [{ verb: 'rollback', id: instances[0]!, code: 1 }]
    const half = await verb('rollback')
    expect([half.code, half.stderr]).toEqual([
      43,
      expect.stringContaining(`${commit} does not serve everywhere: ${instances[0]}`),
    ])
    expect(await released()).toBe(newer)

    proxy.failing = []
    proxy.sent = []
    const { code, stderr } = await verb('rollback')
    expect([code, stderr]).toEqual([0, ''])
    expect(proxy.sent).toEqual(instances.map((id) => ['rollback', id, newer]))
    expect(await released()).toBe(commit)
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

const makeGroup = async ({ aws }: Moto, ids: string[]) => {
  const { Vpcs } = await aws<{ Vpcs: { VpcId: string }[] }>('ec2 describe-vpcs')
  const made = await aws<{ TargetGroups: { TargetGroupArn: string }[] }>(
    `elbv2 create-target-group --name aeroflash-staging --port 8080 --protocol HTTP --vpc-id ${Vpcs[0]!.VpcId}`,
  )
  const arn = made.TargetGroups[0]!.TargetGroupArn
  const targets = ids.map((id) => `Id=${id}`).join(' ')
  await aws(`elbv2 register-targets --target-group-arn ${arn} --targets ${targets}`)
  return arn
}

/**
 * Before moto, which says of every command that it succeeded: for the failing instance it says what ours
 * say. It also notes what is told to whom, and who goes out of the load balancer and comes back.
 */
const failingFor = async (url: string) => {
  const state = {
    failing: [] as { verb: string; id: string; code: number }[],
    sent: [] as Sent[],
    balanced: [] as string[],
    url: '',
    server: undefined as never as Server,
  }
  state.server = createServer((asked, answer) => {
    const parts: Buffer[] = []
    asked.on('data', (part: Buffer) => parts.push(part))
    asked.on('end', () => {
      const body = Buffer.concat(parts)
      const text = body.toString()
      const id = /Targets\.member\.1\.Id=(i-[0-9a-f]+)/.exec(text)?.[1]
      if (id && text.includes('Action=DeregisterTargets')) state.balanced.push(`out ${id}`)
      if (id && text.includes('Action=RegisterTargets')) state.balanced.push(`in ${id}`)
      const target = String(asked.headers['x-amz-target'] ?? '')
      if (target.endsWith('SendCommand')) {
        const { Parameters, InstanceIds } = JSON.parse(text) as Command
        state.sent.push([Parameters.Verb[0], InstanceIds[0], Parameters.Release[0]])
      }
      const failure =
        target.endsWith('GetCommandInvocation') &&
        state.failing.find(({ verb, id }) => verb === state.sent.at(-1)?.[0] && text.includes(id))
      if (failure) {
        const answered = {
          Status: 'Failed',
          ResponseCode: failure.code,
          StandardErrorContent: 'TAKEN BACK: error ratio 9.9 %',
        }
        answer.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' })
        return void answer.end(JSON.stringify(answered))
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
