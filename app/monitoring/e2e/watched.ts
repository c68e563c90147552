import { setTimeout as wait } from 'node:timers/promises'
import { switchFault } from '../../backend/faults/store.ts'
import { withDatabase } from '../../backend/local/database.ts'
import { freePort } from '../../backend/local/ports.ts'
import { drive } from '../../backend/load/drive/drive.ts'
import { profiles } from '../../backend/load/profiles/profiles.ts'
import { withStack } from '../../backend/load/stack.ts'
import { seed } from '../../backend/seed.ts'
import { startFakeLoki } from '../../backend/test/fake-loki.ts'
import type { Entry } from '../../backend/test/fake-loki.ts'
import { startNginx } from '../../frontend/test/nginx.ts'
import { requireTool } from '../../backend/test/debian-package.ts'
import { askAsOf, startAlertmanager, startProductPrometheus } from './product.ts'
import { startProgram } from './program.ts'

const EVERY_SECONDS = 2
const LOAD_SECONDS = 25
const PASSENGERS_A_SECOND = 4

export const programs = {
  prometheus: await requireTool('prometheus'),
  alertmanager: await requireTool('prometheus-alertmanager'),
  node: await requireTool('prometheus-node-exporter'),
  postgres: await requireTool('prometheus-postgres-exporter'),
  nginxExporter: await requireTool('prometheus-nginx-exporter'),
  nginx: await requireTool('nginx'),
}
export const isEverythingHere = Object.values(programs).every(Boolean)

export type Seen = { query: ReturnType<typeof askAsOf>; entries: Entry[]; url: string; at: number }
let end: (() => void) | undefined
let ended: Promise<unknown> = Promise.resolve()

export const stopWatching = () => {
  end?.()
  return ended
}

/** The product under load and everything of Debian that watches it, for as long as the tests look. */
export const watch = () =>
  new Promise<Seen>((resolve, reject) => {
    const isOver = new Promise<void>((over) => {
      end = over
    })
    const settings = { FAULTS_ENABLED: 'true', LOKI_URL: '', ENVIRONMENT: 'test' }
    ended = startFakeLoki().then(async (loki) => {
      settings.LOKI_URL = loki.url
      await withStack(async (stack) => {
        const stops: (() => Promise<unknown>)[] = []
        const keep = <Part extends { stop(): Promise<unknown> }>(part: Part) => {
          stops.push(part.stop)
          return part
        }
        try {
          const database = await stack.createDatabase('watched', (url) => seed(url, { days: 30 }))
          const api = await stack.startApi(database)
          const worker = await stack.startWorker(database)
          const nginx = keep(
            await startNginx({
              binary: programs.nginx!,
              siteRoot: import.meta.dirname,
              api: { blue: new URL(api.url).host },
              trustedProxy: '127.0.0.0/8',
            }),
          )
          const alertmanager = keep(await startAlertmanager(programs.alertmanager!))
          const exporters = await startExporters(database, nginx.statusUrl, keep)
          const host = (url: string) => new URL(url).host
          const { url } = keep(
            await startProductPrometheus({
              program: programs.prometheus!,
              everySeconds: EVERY_SECONDS,
              alertmanager: host(alertmanager.url),
              targets: {
                api: [host(api.metricsUrl)],
                worker: [host(worker.metricsUrl)],
                alertmanager: [host(alertmanager.url)],
                prometheus: ['itself'],
                ...exporters,
              },
            }),
          )
          await load(() => [nginx.url], database)
          const at = Date.now() / 1000
          resolve({ query: askAsOf(url, at), entries: loki.entries(), url, at })
          await isOver
        } finally {
          for (const stop of stops.toReversed()) await stop().catch(() => undefined)
        }
      }, settings).finally(loki.close)
    })
    ended.catch(reject)
  })

type Keep = <Part extends { stop(): Promise<unknown> }>(part: Part) => Part

const startExporters = async (database: string, statusUrl: string, keep: Keep) => {
  const [node, postgres, nginx] = [await freePort(), await freePort(), await freePort()]
  const at = (port: number) => `127.0.0.1:${port}`
  const ready = (port: number) => `http://${at(port)}/metrics`
  const listen = (port: number) => `--web.listen-address=${at(port)}`
  keep(await startProgram(programs.node!, [listen(node)], { ready: ready(node) }))
  keep(
    await startProgram(programs.postgres!, [listen(postgres), '--log.level=error'], {
      ready: ready(postgres),
      environment: { DATA_SOURCE_NAME: `${database}?sslmode=disable` },
    }),
  )
  const scraped = `${statusUrl}/nginx_status`
  const words = [`-nginx.scrape-uri=${scraped}`, `-web.listen-address=${at(nginx)}`]
  keep(await startProgram(programs.nginxExporter!, words, { ready: ready(nginx) }))
  return { node: [at(node)], postgres: [at(postgres)], nginx: [at(nginx)] }
}

/** People about their business, while a partner becomes slow; and somebody who asks for nonsense. */
const load = async (urls: () => string[], database: string) => {
  const order = { urls, rate: PASSENGERS_A_SECOND, seed: 11, thinkSeconds: 0.1 }
  const slow = (minutes: number) =>
    withDatabase(database, (db) =>
      switchFault({ db }, { name: 'slow-partner', minutes, by: 'test' }),
    )
  const { mix, book } = profiles
  const journey: typeof book.journey = (passenger) =>
    (passenger.chance() < 0.5 ? mix : book).journey(passenger)
  const driving = drive({ ...order, seconds: LOAD_SECONDS, journey })
  await wait(4_000)
  await slow(5)
  await fetch(`${urls()[0]}/api/nothing-here`)
  await fetch(`${urls()[0]}/api/bookings/lookup`, { method: 'POST', body: '{}' })
  await driving
  await slow(0)
  // What was done is scraped, and judged by the rules.
  await wait(3 * EVERY_SECONDS * 1000)
}
