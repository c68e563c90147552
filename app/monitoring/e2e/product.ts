import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { freePort } from '../../backend/local/ports.ts'
import { runPrometheus, startProgram } from './program.ts'

const monitoring = join(import.meta.dirname, '..')

type Job = { job_name: string } & Record<string, unknown>
type Config = { scrape_configs: Job[]; global: object; alerting: object }

/** Where the jobs of prometheus.yml are found here; the others are left out. */
export type Targets = Record<string, string[]>

type Settings = { program: string; targets: Targets; alertmanager: string; everySeconds: number }

/**
 * The product's own prometheus.yml and rules in a real Prometheus. Only addresses, intervals and the
 * links of alerts differ: names are not to be resolved here, and a test does not wait for minutes.
 */
export const startProductPrometheus = async ({ program, everySeconds, ...where }: Settings) => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-watch-'))
  const interval = `${everySeconds}s`
  const product = await readYaml<Config>('prometheus/prometheus.yml')
  const scrape_configs = product.scrape_configs
    .filter(({ job_name }) => where.targets[job_name])
    .map(({ dns_sd_configs: _, static_configs: __, ...job }) => ({
      ...job,
      scrape_interval: interval,
      scrape_timeout: interval,
      static_configs: [{ targets: where.targets[job.job_name] }],
    }))
  const config = {
    ...product,
    global: { scrape_interval: interval, evaluation_interval: interval },
    alerting: { alertmanagers: [{ static_configs: [{ targets: [where.alertmanager] }] }] },
    scrape_configs,
  }
  await copyRules(join(folder, 'rules'), interval)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const own = config.scrape_configs.find(({ job_name }) => job_name === 'prometheus')
  if (own) own.static_configs = [{ targets: [new URL(url).host] }]
  await writeFile(
    join(folder, 'prometheus.yml'),
    stringify(config, { aliasDuplicateObjects: false }),
  )
  const { stop } = await runPrometheus(program, folder, port)
  return { url, stop: () => stop().finally(() => rm(folder, { recursive: true, force: true })) }
}

const readYaml = async <Content>(path: string) =>
  parse(await readFile(join(monitoring, path), 'utf8')) as Content

const copyRules = async (folder: string, interval: string) => {
  await mkdir(folder)
  for (const name of await readdir(join(monitoring, 'prometheus/rules'))) {
    const { groups } = await readYaml<{ groups: object[] }>(`prometheus/rules/${name}`)
    const often = groups.map((group) => ({ ...group, interval }))
    await writeFile(join(folder, name), stringify({ groups: often }))
  }
}

type Vector = { result: { metric: Record<string, string>; value: [number, string] }[] }

/** Asks as of one moment, so that it does not matter how long the asking takes. Throws what is wrong. */
export const askAsOf = (url: string, seconds: number) => async (promql: string) => {
  const address = new URL('/api/v1/query', url)
  address.search = new URLSearchParams({ query: promql, time: String(seconds) }).toString()
  const said = (await (await fetch(address)).json()) as { error?: string; data?: Vector }
  if (!said.data) throw new Error(said.error)
  return said.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
}

/**
 * Alertmanager as the product configures it. Debian's is too old to read an address from a file, so
 * the files' names stand in as addresses, and what it would send goes nowhere.
 */
export const alertmanagerFile = async (folder: string) => {
  const product = await readFile(join(monitoring, 'alertmanager/alertmanager.yml'), 'utf8')
  const file = join(folder, 'alertmanager.yml')
  await writeFile(file, product.replaceAll('url_file: ', 'url: http://127.0.0.1:9'))
  return file
}

export const startAlertmanager = async (program: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-alerts-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { stop } = await startProgram(
    program,
    [
      `--config.file=${await alertmanagerFile(folder)}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    { ready: `${url}/-/ready` },
  )
  return { url, stop: () => stop().finally(() => rm(folder, { recursive: true, force: true })) }
}
