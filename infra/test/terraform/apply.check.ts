import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { synthesise } from '../../main.ts'
import { terraform } from '../../runner/terraform.ts'
import { findEnvironment } from '../../settings.ts'
import { machine, skipped, useMirror } from '../machine.ts'
import { type Moto, startMoto } from '../moto.ts'

const MINUTE = 60_000
/** For all of it, and then nothing runs any more. A machine that is busy with other work needs longer. */
const LIMIT = Number(process.env.INFRA_TEST_MINUTES || 12) * MINUTE
const RUN = fileURLToPath(new URL('../../run.ts', import.meta.url))
const production = findEnvironment('production')
const STATE = 'example-air-aeroflash-production-state'

/**
 * What this AWS of ours cannot do: budgets and selections for backups are never answered, what is in a
 * vault cannot be asked, a sampled database is said not to be, and a Deny of a bucket is taken without its
 * Condition, which would shut Terraform out of its own state.
 */
const none = { count: 0 }
const LEFT_OUT = {
  bootstrap: {
    aws_budgets_budget: { budget: none },
    aws_s3_bucket_policy: { 'state-policy': none },
  },
  foundation: {
    aws_backup_selection: { 'backed-up': none },
    aws_backup_vault: { vault: { force_destroy: false } },
    aws_db_instance: {
      database: {
        lifecycle: {
          ignore_changes: [
            'performance_insights_enabled',
            'performance_insights_kms_key_id',
            'performance_insights_retention_period',
            'database_insights_mode',
          ],
        },
      },
    },
  },
}

const canRun = Boolean(machine.provider && machine.moto && machine.aws)
if (!canRun) skipped(9, machine.provider ? 'no moto_server' : 'no provider')

describe.skipIf(!canRun)('an environment on an AWS of our own', { timeout: LIMIT }, () => {
  const folders = Object.fromEntries(
    ['from', 'work', 'overrides'].map((what) => [
      what,
      mkdtempSync(join(tmpdir(), `infra-${what}-`)),
    ]),
  ) as Record<'from' | 'work' | 'overrides' | 'mirror', string>
  let moto: Moto
  let environment: NodeJS.ProcessEnv
  const began = Date.now()
  let isBroken = false

  const infra = (verb: string, ...more: string[]) => {
    const started = Date.now()
    const words = [verb, 'production', '--from', folders.from, '--work', folders.work]
    const ran = spawnSync(
      process.execPath,
      [RUN, ...words, '--overrides', folders.overrides, ...more],
      {
        env: environment,
        encoding: 'utf8',
        timeout: Math.max(1_000, began + LIMIT - Date.now()),
        killSignal: 'SIGTERM',
        maxBuffer: 64e6,
      },
    )
    const said = ran.stdout.split('\n').filter((line) => line.startsWith('infra: '))
    console.log(
      (
        ran.stdout.match(
          /.*(complete after (\d+m\d+s|[2-9]\ds|1[5-9]s)| [~+-] | will be updated).*/g,
        ) ?? []
      )
        .join('\n')
        .slice(0, verb === 'plan' && !more.length ? 9000 : 1500),
    )
    console.log(
      `${verb} ${more.join(' ')}: ${Math.round((Date.now() - started) / 1000)} s\n${said.join('\n')}`,
    )
    return { code: ran.status, said: said.join('\n'), all: ran.stdout + ran.stderr }
  }

  const must = (verb: string, ...more: string[]) => {
    const ran = infra(verb, ...more)
    if (ran.code !== 0) throw new Error(ran.all.slice(-6000))
    return ran.said
  }

  const bare = (stack: string, ...parameters: string[]) =>
    terraform({
      folder: join(folders.work, 'production', stack),
      arguments: parameters,
      isHeard: false,
      environment,
    })

  const leaveOut = (stack: string, resource: object) =>
    writeFileSync(
      join(folders.overrides, `${stack}_override.tf.json`),
      JSON.stringify({ resource }),
    )

  beforeAll(async () => {
    const { file, override, folder } = useMirror()
    folders.mirror = folder
    moto = await startMoto()
    environment = { ...moto.environment, TF_CLI_CONFIG_FILE: file }
    writeFileSync(join(folders.overrides, 'every_override.tf.json'), JSON.stringify(override))
    for (const [stack, resource] of Object.entries(LEFT_OUT)) leaveOut(stack, resource)
    synthesise(production, join(folders.from, 'production'))
    await moto.ask(
      'route53',
      'create-hosted-zone',
      '--name',
      production.zone,
      '--caller-reference',
      'test',
    )
  }, 2 * MINUTE)

  // Each stands on the one before.
  beforeEach(({ skip }) => skip(isBroken, 'what it stands on failed'))
  afterEach(({ task }) => {
    isBroken ||= task.result?.state === 'fail'
  })

  afterAll(() => {
    moto?.stop()
    for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true })
    console.log(`all of it: ${Math.round((Date.now() - began) / 1000)} s`)
  })

  test('is planned and applied, stack after stack, each after what it stands on', () => {
    expect(must('plan')).toContain('foundation: not planned, because bootstrap is not there yet')
    must('apply')
    expect(must('plan', '--stack', 'foundation')).toMatch(
      /foundation: \d\d to add, 0 to change, 0 to destroy/,
    )
    must('apply', '--stack', 'foundation')
    must('plan', '--stack', 'service')
    expect(must('apply', '--stack', 'service')).toContain('service: applied')
  })

  test('planned again, adds and destroys nothing', () => {
    const said = must('plan')
    for (const stack of ['bootstrap', 'foundation', 'service'])
      expect(said).toMatch(new RegExp(`${stack}: 0 to add, \\d+ to change, 0 to destroy`))
  })

  test('its database is private, encrypted, backed up and protected', async () => {
    const { DBInstances } = await moto.ask<{ DBInstances: object[] }>(
      'rds',
      'describe-db-instances',
    )
    expect(DBInstances).toMatchObject([
      {
        DBInstanceIdentifier: 'aeroflash-production',
        PubliclyAccessible: false,
        StorageEncrypted: true,
        DeletionProtection: true,
        BackupRetentionPeriod: 14,
        Endpoint: { Port: 5433 },
      },
    ])
  })

  test('its hosts give no token to containers, and their disks are encrypted', async () => {
    const { LaunchTemplateVersions } = await moto.ask<{ LaunchTemplateVersions: object[] }>(
      'ec2',
      'describe-launch-template-versions',
      '--launch-template-name',
      'aeroflash-production-hosts',
    )
    expect(LaunchTemplateVersions.at(-1)).toMatchObject({
      LaunchTemplateData: {
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [{ Ebs: { Encrypted: true } }],
      },
    })
  })

  test('the world reaches ports 80 and 443, and no other', async () => {
    type Permission = { FromPort?: number; ToPort?: number; IpRanges: { CidrIp: string }[] }
    const { SecurityGroups } = await moto.ask<{
      SecurityGroups: { GroupName: string; IpPermissions: Permission[] }[]
    }>('ec2', 'describe-security-groups')
    const open = SecurityGroups.filter(({ GroupName }) => GroupName.startsWith('aeroflash'))
      .flatMap(({ IpPermissions }) => IpPermissions)
      .filter(({ IpRanges }) => IpRanges.some(({ CidrIp }) => CidrIp === '0.0.0.0/0'))
    const ports = open.map(({ FromPort, ToPort }) => `${FromPort}-${ToPort}`)
    expect(new Set(ports)).toEqual(new Set(['80-80', '443-443']))
  })

  test('no secret is in a state, though the secrets are there', async () => {
    const { SecretString } = await moto.ask<{ SecretString: string }>(
      'secretsmanager',
      'get-secret-value',
      '--secret-id',
      'aeroflash/production/generated',
    )
    const drawn = Object.entries(JSON.parse(SecretString) as Record<string, string>)
    expect(drawn.length).toBe(6)
    for (const stack of ['bootstrap', 'foundation', 'service']) {
      const { output } = await bare(stack, 'state', 'pull')
      expect(output.length).toBeGreaterThan(1000)
      for (const [name, value] of drawn)
        expect(output.includes(value), `${name} in ${stack}`).toBe(false)
    }
    const listed = await moto.ask<{ Contents: { Key: string }[] }>(
      's3api',
      'list-objects-v2',
      '--bucket',
      STATE,
    )
    expect(listed.Contents.map(({ Key }) => Key)).toEqual([
      'bootstrap.tfstate',
      'foundation.tfstate',
      'service.tfstate',
    ])
  })

  test('a second who writes is locked out, and told who is at work', async () => {
    const folder = join(folders.work, 'production', 'service')
    // Stops at its question, with the lock in its hand.
    const first = spawn('terraform', ['apply', '-no-color'], {
      cwd: folder,
      env: environment,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    await new Promise<void>((resolve) => {
      let said = ''
      first.stdout.on('data', (text: Buffer) => {
        said += text.toString()
        if (/Enter a value|No changes/.test(said)) resolve()
      })
      first.on('close', () => resolve())
    })
    const second = infra('plan', '--stack', 'service', '--lock-timeout', '1s')
    first.stdin.end('no\n')
    await new Promise((resolve) => first.on('close', resolve))
    expect(second.code).toBe(1)
    expect(second.all).toMatch(/service: \S+@\S+ is at work on it and holds its lock/)
  })

  test('what is protected is not destroyed: not by us, not by Terraform, not by AWS', async () => {
    const ours = infra('destroy', '--yes', 'production', '--stack', 'foundation')
    expect(ours.code).toBe(1)
    expect(ours.all).toContain('production is protected')
    const { code, output } = await bare(
      'foundation',
      'plan',
      '-destroy',
      '-no-color',
      '-lock=false',
    )
    expect(code).not.toBe(0)
    expect(output).toMatch(/prevent_destroy|cannot be destroyed/)
    await expect(
      moto.ask(
        'rds',
        'delete-db-instance',
        '--db-instance-identifier',
        'aeroflash-production',
        '--skip-final-snapshot',
      ),
    ).rejects.toThrow(/[Dd]eletion ?[Pp]rotection|deletion protection/)
  })

  test('once it is no longer protected, it is taken down for real, and nothing stays', async () => {
    // By hand, as one would in haste. By Terraform it is the same, and 80 s of waiting for the database.
    await moto.ask(
      'rds',
      'modify-db-instance',
      '--db-instance-identifier',
      'aeroflash-production',
      '--no-deletion-protection',
      '--apply-immediately',
    )
    synthesise({ ...production, protected: false }, join(folders.from, 'production'))
    // The database is as it was, since changing it is 80 s of waiting: it goes with a last snapshot.
    const database = { lifecycle: { ignore_changes: 'all' } }
    leaveOut('foundation', { ...LEFT_OUT.foundation, aws_db_instance: { database } })
    // Not service, in which nothing is protected: this AWS forgets parts of the hosts' template, which would be
    // mended, and replacing hosts by a new one is what it cannot do.
    for (const stack of ['bootstrap', 'foundation']) {
      must('plan', '--stack', stack)
      must('apply', '--stack', stack)
    }
    expect(must('destroy', '--yes', 'production')).toContain('bootstrap: gone')
    const { DBInstances } = await moto.ask<{ DBInstances: object[] }>(
      'rds',
      'describe-db-instances',
    )
    const { Buckets } = await moto.ask<{ Buckets?: object[] }>('s3api', 'list-buckets')
    expect([DBInstances, Buckets ?? []]).toEqual([[], []])
  })
})
