import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Aws } from '../../runner/aws.ts'
import { failover, finishReturn, prepareReturn, walk } from '../../runner/failover.ts'
import { findEnvironment } from '../../settings.ts'
import { machine, skipped } from '../machine.ts'
import { type Moto, startMoto } from '../moto.ts'

const canRun = Boolean(machine.moto && machine.aws)
if (!canRun) skipped(3, 'no moto_server')

const environment = findEnvironment('production-dr')
const [HOME, AWAY] = ['eu-west-1', 'eu-central-1']
const NAME = 'aeroflash-production-dr'

describe.skipIf(!canRun)('when a region fails', () => {
  let moto: Moto
  const said: string[] = []
  const aws: Aws = (region, ...words) => moto.ask(...words, '--region', region)
  const go = (steps: Parameters<typeof walk>[0]) =>
    walk(steps, { aws, say: (line) => said.push(line), isDry: false })

  const hostsIn = async (region: string) => {
    const { AutoScalingGroups } = (await aws(
      region,
      'autoscaling',
      'describe-auto-scaling-groups',
    )) as {
      AutoScalingGroups: { MinSize: number; MaxSize: number }[]
    }
    return AutoScalingGroups.map(({ MinSize, MaxSize }) => [MinSize, MaxSize])
  }

  const makeHosts = async (region: string, least: number) => {
    await aws(
      region,
      'ec2',
      'create-launch-template',
      '--launch-template-name',
      'hosts',
      '--launch-template-data',
      '{"ImageId":"ami-12c6146b","InstanceType":"c7g.large"}',
    )
    await aws(
      region,
      'autoscaling',
      'create-auto-scaling-group',
      '--auto-scaling-group-name',
      `${NAME}-hosts`,
      '--launch-template',
      'LaunchTemplateName=hosts',
      '--min-size',
      String(least),
      '--max-size',
      '6',
      '--availability-zones',
      `${region}a`,
    )
  }

  beforeAll(async () => {
    moto = await startMoto()
    await makeHosts(HOME, 2)
    await makeHosts(AWAY, 1)
    await aws(
      HOME,
      'rds',
      'create-db-instance',
      '--db-instance-identifier',
      NAME,
      '--engine',
      'postgres',
      '--db-instance-class',
      'db.m7g.large',
      '--master-username',
      'aeroflash_admin',
      '--master-user-password',
      'only-for-this-test',
      '--allocated-storage',
      '100',
    )
    await aws(
      AWAY,
      'rds',
      'create-db-instance-read-replica',
      '--db-instance-identifier',
      `${NAME}-away`,
      '--source-db-instance-identifier',
      `arn:aws:rds:${HOME}:123456789012:db:${NAME}`,
      '--source-region',
      HOME,
    )
  }, 120_000)

  afterAll(() => moto?.stop())

  test('nobody writes at home before the copy becomes the database, and away serves with full strength', async () => {
    const steps = failover(environment, false)
    expect(steps.map(({ region, words }) => `${region} ${words[1]}`)).toEqual([
      `${HOME} update-auto-scaling-group`,
      `${AWAY} promote-read-replica`,
      `${AWAY} wait`,
      `${AWAY} update-auto-scaling-group`,
    ])
    await go(steps)
    expect(await hostsIn(HOME)).toEqual([[0, 0]])
    expect(await hostsIn(AWAY)).toEqual([[2, 6]])
    // moto takes the promotion and goes on naming the source: that it was asked for in time is said above.
  }, 120_000)

  test('when home does not answer, it goes on only when told that home is gone', async () => {
    const deaf: Aws = (region, ...words) =>
      region === HOME ? Promise.reject(new Error('Could not connect')) : aws(region, ...words)
    const quiet = { aws: deaf, say: () => {}, isDry: false }
    await expect(walk(failover(environment, false), quiet)).rejects.toThrow('Could not connect')
    const told: string[] = []
    await walk(failover(environment, true).slice(0, 1), {
      ...quiet,
      say: (line) => told.push(line),
    })
    expect(told.join('\n')).toMatch(/eu-west-1 did not: Could not connect; going on/)
  }, 60_000)

  test('going back, each step is one that AWS knows, and home is a copy before it is the database', () => {
    const steps = [
      ...prepareReturn(environment, '123456789012', '2026-11-22'),
      ...finishReturn(environment),
    ]
    const verbs = steps.map(
      ({ region, words }) => `${region === HOME ? 'home' : 'away'} ${words[1]}`,
    )
    expect(verbs).toEqual([
      'home modify-db-instance',
      'home wait',
      'home create-db-instance-read-replica',
      'home wait',
      'away update-auto-scaling-group',
      'home promote-read-replica',
      'home wait',
      'home update-auto-scaling-group',
    ])
    // Parsed by the real command line, which refuses an option that it does not know.
    for (const { words, region } of steps.filter(({ words }) => words[1] !== 'wait'))
      execFileSync(
        machine.aws ?? 'aws',
        [...words, '--region', region, '--generate-cli-skeleton', 'output'],
        {
          env: moto.environment,
        },
      )
  }, 120_000)
})
