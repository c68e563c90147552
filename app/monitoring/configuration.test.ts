import { parser as logql } from '@grafana/lezer-logql'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { alertmanagerFile, startAlertmanager } from './e2e/product.ts'
import { alerts } from './rules/rule-files.ts'
import { requireTool, titled } from '../backend/test/debian-package.ts'
import { nginxFields } from './test/log-fields.ts'
import { runTool } from './test/promtool.ts'
import { asked } from './test/queries.ts'

const here = import.meta.dirname
const read = (path: string) => readFile(join(here, path), 'utf8')
const readYaml = async <Content>(path: string) => parse(await read(path)) as Content

const promtool = await requireTool('promtool')
const amtool = await requireTool('amtool')
const alertmanagerProgram = await requireTool('prometheus-alertmanager')

describe.skipIf(!promtool)(titled('Prometheus', 'promtool', promtool), () => {
  test('takes its configuration', async () => {
    const words = ['check', 'config', 'prometheus.yml']
    const { ok, said } = await runTool(promtool!, words, join(here, 'prometheus'))
    expect(ok, said).toBe(true)
  })
})

describe.skipIf(!promtool)(titled('Prometheus on EC2', 'promtool', promtool), () => {
  const everywhere = ['node', 'prometheus']
  const sells = ['api', 'worker', 'nginx', 'alloy']
  const watches = ['postgres', 'postgres-statements', 'alertmanager', 'loki', 'grafana', 'rds']

  const configOf = async (duty: string) => {
    const script = join(here, 'prometheus/on-ec2.sh')
    const told = { DUTY: duty, HOST_NAME: 'ip-10-0-0-1', REMOTE_WRITE_URL: 'http://monitor/write' }
    const env = { ...process.env, ...told }
    const { stdout } = await promisify(execFile)('sh', [script], { env })
    return stdout
  }

  test.for([
    ['app', [...everywhere, ...sells], /rules\/saturation\.yml$/],
    ['monitor', [...everywhere, ...watches], /rules\/\*\.yml$/],
    ['both', [...everywhere, ...sells, ...watches], /rules\/\*\.yml$/],
  ] as const)(
    'a host of duty %s scrapes what runs there; the rules are for whoever sees all',
    async ([duty, jobs, rules]) => {
      const config = await configOf(duty)
      const folder = await mkdtemp(join(tmpdir(), 'aeroflash-on-ec2-'))
      try {
        await writeFile(join(folder, 'prometheus.yml'), config)
        const words = ['check', 'config', 'prometheus.yml']
        const { ok, said } = await runTool(promtool!, words, folder)
        expect(ok, said).toBe(true)
      } finally {
        await rm(folder, { recursive: true })
      }
      const { scrape_configs, rule_files } = parse(config) as {
        scrape_configs: { job_name: string }[]
        rule_files: string[]
      }
      expect(scrape_configs.map(({ job_name }) => job_name)).toEqual(jobs)
      expect(rule_files).toEqual([expect.stringMatching(rules)])
    },
  )

  test('what a host hands on bears its name, since containers are called the same on all of them', async () => {
    const { remote_write } = parse(await configOf('app')) as { remote_write: object[] }
    const named = { target_label: 'instance', replacement: 'ip-10-0-0-1/$1' }
    expect(remote_write).toMatchObject([{ write_relabel_configs: [{ action: 'drop' }, named] }])
  })

  test('CloudWatch is asked for what queries look at, of this environment alone', async () => {
    const { discovery } = await readYaml<{
      discovery: { jobs: { searchTags: object[]; metrics: { name: string }[] }[] }
    }>('cloudwatch/cloudwatch.yml')
    const [rds] = discovery.jobs
    expect(rds!.searchTags).toEqual([{ key: 'Environment', value: '^ENVIRONMENT$' }])
    const asOurs = (name: string) =>
      `aws_rds_${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()}_average`
    const known = rds!.metrics.map(({ name }) => asOurs(name))
    const looked = JSON.stringify([alerts, asked]).match(/aws_rds_\w+/g) ?? []
    expect(looked.length).toBeGreaterThan(0)
    for (const name of looked) expect(known).toContain(name)
  })
})

test('each job has one place, and its name is the one that queries use', async () => {
  const { scrape_configs } = await readYaml<{ scrape_configs: { job_name: string }[] }>(
    'prometheus/prometheus.yml',
  )
  // RDS: on EC2 only.
  const jobs = [...scrape_configs.map(({ job_name }) => job_name), 'rds']
  const used = JSON.stringify(alerts).matchAll(/job=\\"([\w-]+)\\"/g)
  for (const [, name] of used) expect(jobs).toContain(name)
  expect(new Set(jobs).size).toBe(jobs.length)
})

describe.skipIf(!amtool)(titled('Alertmanager sends', 'amtool', amtool), () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aeroflash-routes-'))
    await alertmanagerFile(folder)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const ask = (...words: string[]) => runTool(amtool!, words, folder)

  test('nothing before its configuration is right', async () => {
    const { ok, said } = await ask('check-config', 'alertmanager.yml')
    expect(ok, said).toBe(true)
  })

  const receiverOf = async (labels: string[]) => {
    const { said } = await ask(
      'config',
      'routes',
      'test',
      '--config.file=alertmanager.yml',
      ...labels,
    )
    return said.split('\n')[0]
  }

  test.for([
    ['a page', 'pager', ['alertname=ApiDown', 'severity=page']],
    ['a ticket', 'tickets', ['alertname=RouteSlow', 'severity=ticket']],
    ['the watchdog', 'watchdog', ['alertname=Watchdog', 'severity=none']],
  ] as const)('%s to %s', async ([, receiver, labels]) => {
    expect(await receiverOf([...labels])).toBe(receiver)
  })
})

describe.skipIf(!alertmanagerProgram)(
  titled('Alertmanager keeps quiet about', 'prometheus-alertmanager', alertmanagerProgram),
  () => {
    let alertmanager: Awaited<ReturnType<typeof startAlertmanager>>
    beforeAll(async () => {
      alertmanager = await startAlertmanager(alertmanagerProgram!)
    })
    afterAll(() => alertmanager.stop())

    /** Which of them are still told when all of them fire. */
    const told = async (env: string, firing: Record<string, string>[]) => {
      const sent = firing.map((labels) => ({ labels: { env, ...labels } }))
      await fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(sent),
      })
      await expect.poll(async () => (await shown(env)).length).toBe(firing.length)
      const kept = (await shown(env)).filter(({ status }) => status.inhibitedBy.length === 0)
      return kept.map(({ labels }) => labels.alertname ?? '').toSorted()
    }
    type Shown = {
      labels: Record<string, string>
      status: { inhibitedBy: string[]; state: string }
    }
    const shown = async (env: string) => {
      const filter = new URLSearchParams({ filter: `env="${env}"` }).toString()
      const answer = await fetch(`${alertmanager.url}/api/v2/alerts?${filter}`)
      const all = (await answer.json()) as Shown[]
      return all.filter(({ status }) => status.state !== 'unprocessed')
    }

    const page = (alertname: string) => ({ alertname, severity: 'page' })
    const ticket = (alertname: string) => ({ alertname, severity: 'ticket' })

    test('everything that follows from an API that is down, but not oversold seats', async () => {
      const firing = [page('ApiDown'), page('SaturationHigh'), ticket('RouteSlow')]
      expect(await told('a', [...firing, page('SeatsOversold')])).toEqual([
        'ApiDown',
        'SeatsOversold',
      ])
    })

    test('the ticket of an objective whose page rings, and not that of another', async () => {
      const burn = (severity: string, slo: string) => ({
        alertname: 'ErrorBudgetBurn',
        severity,
        slo,
        window: severity,
      })
      const firing = [burn('page', 'latency'), burn('ticket', 'latency'), burn('ticket', 'edge')]
      expect(await told('b', firing)).toEqual(['ErrorBudgetBurn', 'ErrorBudgetBurn'])
    })

    test('what a bad release brings with it', async () => {
      expect(await told('c', [page('DeployRegression'), ticket('RouteFailing')])).toEqual([
        'DeployRegression',
      ])
    })

    test('nothing in another environment', async () => {
      await told('d', [page('ApiDown')])
      expect(await told('e', [page('PaymentsStuck')])).toEqual(['PaymentsStuck'])
    })
  },
)

describe('Alloy', () => {
  test('leaves out the lines that processes deliver, and keeps their last words', async () => {
    const written = /expression += "(\^.+level.+)"/.exec(await read('alloy/config.alloy'))?.[1]
    const isDelivered = new RegExp(JSON.parse(`"${written}"`) as string)
    expect('{"level":"info","time":1700000000000,"service":"aeroflash-api"}').toMatch(isDelivered)
    for (const word of [
      'TypeError: x is not a function',
      '    at boot (file:///srv/api.ts:3:1)',
      '{"x":1}',
    ])
      expect(word).not.toMatch(isDelivered)
  })

  test('selects by queries that Loki can read', async () => {
    const selectors = [...(await read('alloy/config.alloy')).matchAll(/selector += (".+")/g)]
    expect(selectors.length).toBeGreaterThan(5)
    for (const [, quoted = ''] of selectors) {
      let errors = 0
      const selector = JSON.parse(quoted) as string
      logql.parse(selector).iterate({ enter: (node) => void (errors += Number(node.type.isError)) })
      expect(errors, selector).toBe(0)
    }
  })

  test('keeps three labels, and reads of Nginx what Nginx writes', async () => {
    const config = await read('alloy/config.alloy')
    expect(config).toContain('values = ["service_name", "env", "level"]')
    const logging = await readFile(join(here, '../frontend/nginx/logging.conf'), 'utf8')
    const written = [...logging.matchAll(/"(\w+)":"\$/g)].map(([, name]) => name)
    const taken = /expressions = \{ (.+) \}/.exec(config)?.[1]?.match(/\w+/g) ?? []
    expect(taken).toEqual(['rt', 'status_class', 'route_class', 'request_id'])
    for (const name of [...taken, ...nginxFields]) expect(written).toContain(name)
  })
})

test('Loki takes as many labels as we use, and the ids beside the line', async () => {
  const { limits_config, schema_config } = await readYaml<{
    limits_config: Record<string, unknown>
    schema_config: { configs: { schema: string }[] }
  }>('loki/loki.yml')
  expect(limits_config).toMatchObject({ allow_structured_metadata: true })
  expect(limits_config.max_label_names_per_series).toBeGreaterThanOrEqual(3)
  expect(schema_config.configs.at(-1)?.schema).toBe('v13')
})
