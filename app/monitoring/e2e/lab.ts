import { sql } from '../../backend/kernel/sql.ts'
import { withDatabase } from '../../backend/local/database.ts'
import { seed } from '../../backend/seed.ts'
import { drive, withShop } from '../../backend/load/drive/drive.ts'
import { profiles } from '../../backend/load/profiles/profiles.ts'
import type { ProfileName } from '../../backend/load/profiles/profiles.ts'
import type { Api, Stack } from '../../backend/load/stack.ts'
import * as store from '../../backend/faults/store.ts'
import type { FaultName } from '../../backend/faults/catalogue.ts'
import { prometheusAt } from '../ask-prometheus.ts'
import { whyGroup } from '../attribution.ts'
import { diagnose } from '../diagnose.ts'
import { startPrometheus } from './prometheus.ts'

/** Short, so that a verdict comes and goes in seconds; the rules are those of production. */
export const SPAN = { window: '10s', seconds: 10 }
const SCRAPE_SECONDS = 1

/** Many seats: reading all of them without an index is to hurt as it would in production. */
const SEEDED_DAYS = 60

export type Load = { profile: ProfileName; rate: number }

export type Lab = Awaited<ReturnType<typeof openLab>>

/** The product under load, watched by a real Prometheus, with a switch for each fault. */
export const openLab = async (stack: Stack, program: string) => {
  const databaseUrl = await stack.createDatabase('lab', fill)
  let api: Api = await stack.startApi(databaseUrl)
  const worker = await stack.startWorker(databaseUrl)
  const groups = [whyGroup(SPAN, `${SCRAPE_SECONDS}s`)]
  const settings = { program, scrapeSeconds: SCRAPE_SECONDS, groups }
  const prometheus = await stack.keep(() => startPrometheus(settings))
  const scrape = () => prometheus.scrape({ api: [api.metricsUrl], worker: [worker.metricsUrl] })
  await scrape()
  const urls = () => [api.url]
  const shop = await withShop(urls)

  const inDatabase = <Result>(work: Parameters<typeof withDatabase<Result>>[1]) =>
    withDatabase(databaseUrl, work)

  return {
    diagnose: () => diagnose(prometheusAt(prometheus.url), SPAN),
    query: prometheusAt(prometheus.url).query,
    prometheusUrl: prometheus.url,
    get metricsUrl() {
      return api.metricsUrl
    },
    /** Loads until it is told to stop; answers what came of it. */
    load: ({ profile, rate }: Load) => {
      const ending = new AbortController()
      const { journey } = profiles[profile]
      const order = { urls, shop, journey, rate, seconds: 3_000, seed: 7, signal: ending.signal }
      const driven = drive(order)
      return {
        stop: () => {
          ending.abort()
          return driven
        },
      }
    },
    switch: (name: FaultName, minutes: number) =>
      inDatabase((db) => store.switchFault({ db }, { name, minutes, by: 'test' })),
    /** Another build takes the place of the one that runs. */
    release: async (settings: Record<string, string>) => {
      const before = api
      api = await stack.startApi(databaseUrl, settings)
      await scrape()
      await before.stop()
    },
  }
}

const fill = async (url: string) => {
  await seed(url, { days: SEEDED_DAYS })
  // Commits do not wait for the disk: how busy others keep it is not what is looked at here.
  await withDatabase(url, (db) =>
    db.rows(sql('lab.careless')`
      do $$ begin
        execute format('alter database %I set synchronous_commit = off', current_database());
      end $$`),
  )
}

/** What the ledger says that all requests together have spent, in whatever phase. */
export const spentSeconds = async (metricsUrl: string) => {
  const text = await (await fetch(metricsUrl)).text()
  const lines = text.matchAll(/^http_request_phase_seconds_total\{[^}]*\} (\S+)/gm)
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0)
}
