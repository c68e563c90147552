import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { freePort } from '../../backend/local/ports.ts'
import { runPrometheus } from './program.ts'

type Settings = {
  program: string
  scrapeSeconds: number
  groups: object[]
}

/** Where each job is scraped, by the address of its /metrics. */
export type Targets = Record<string, string[]>

/** A real Prometheus in a folder of its own; its targets may change while it runs. */
export const startPrometheus = async ({ program, scrapeSeconds, groups }: Settings) => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-prometheus-'))
  const interval = `${scrapeSeconds}s`
  const targets = join(folder, 'targets.json')
  await writeFile(targets, '[]')
  await writeFile(join(folder, 'rules.yml'), stringify({ groups }))
  await writeFile(
    join(folder, 'prometheus.yml'),
    stringify({
      global: {
        scrape_interval: interval,
        scrape_timeout: interval,
        evaluation_interval: interval,
      },
      rule_files: ['rules.yml'],
      scrape_configs: [
        {
          job_name: 'aeroflash',
          file_sd_configs: [{ files: ['targets.json'], refresh_interval: '1s' }],
        },
      ],
    }),
  )
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { stop } = await runPrometheus(program, folder, port)

  return {
    url,
    scrape: (jobs: Targets) =>
      writeFile(
        targets,
        JSON.stringify(
          Object.entries(jobs).map(([job, urls]) => ({
            targets: urls.map((each) => new URL(each).host),
            labels: { job },
          })),
        ),
      ),
    stop: () => stop().finally(() => rm(folder, { recursive: true, force: true })),
  }
}
