import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { stringify } from 'yaml'
import { freePort } from '../../backend/local/ports.ts'

type Settings = {
  program: string
  scrapeSeconds: number
  groups: object[]
}

/** Where each job is scraped, by the address of its /metrics. */
export type Targets = Record<string, string[]>

// Whoever started it may be killed: then its input ends, and so does the program.
const untilWeAreGone = '"$0" "$@" & pid=$!; read _; kill $pid; wait $pid'

const READY_MS_MAX = 20_000

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
  const log = await open(join(folder, 'log'), 'a')
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      untilWeAreGone,
      program,
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
      '--log.level=warn',
    ],
    { stdio: ['pipe', log.fd, log.fd] },
  )
  await log.close()
  const ended = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`

  const stop = async () => {
    child.stdin?.end()
    await ended
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  await untilReady(url).catch(async (error: unknown) => {
    await stop()
    throw error
  })

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
    stop,
  }
}

const untilReady = async (url: string) => {
  const until = performance.now() + READY_MS_MAX
  while (performance.now() < until) {
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await wait(200)
  }
  throw new Error('Prometheus does not become ready.')
}
