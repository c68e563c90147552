import { setTimeout as wait } from 'node:timers/promises'
import { between } from './quantile.ts'
import type { Bucket } from './quantile.ts'
import type { Colour, Strength } from './slot.ts'
import type { Figures } from './verdict.ts'

type Sample = { metric: Record<string, string>; value: [number, string] }

const ANSWER_SECONDS_MAX = 4
const SEEN_SECONDS_MAX = 20
const LOOK_MS = 1_000

const ask = async (url: string, query: string, time?: number): Promise<Sample[]> => {
  const asked = new URLSearchParams({ query, ...(time !== undefined && { time: String(time) }) })
  const signal = AbortSignal.timeout(ANSWER_SECONDS_MAX * 1000)
  const response = await fetch(`${url}/api/v1/query?${asked.toString()}`, { signal }).catch(() => {
    throw new Error(`nobody answers at ${url}`)
  })
  const { data } = (await response.json()) as { data?: { result: Sample[] } }
  if (!data) throw new Error(`it answers ${response.status}`)
  return data.result
}

/**
 * Comes back when every container of both colours has been scraped anew: what it was asked for to warm up would
 * count as what clients asked for, and hide their errors.
 */
export const waitForPrometheus = async (url: string, containers: Strength) => {
  const from = Date.now()
  const until = from + SEEN_SECONDS_MAX * 1000
  const scraped = `timestamp(up{slot=~"blue|green"}) > ${from / 1000} and up == 1`
  for (;;) {
    const seen = await ask(url, `count by (slot) (${scraped})`)
    const missing = seen.length === 0 ? ['any'] : lacking(seen, containers)
    if (missing.length === 0) return
    if (Date.now() > until) throw new Error(`it does not see ${missing.join(' and ')}`)
    await wait(LOOK_MS)
  }
}

const lacking = (seen: Sample[], containers: Strength) =>
  (['blue', 'green'] as const).filter((colour) => {
    const found = seen.find(({ metric }) => metric.slot === colour)
    return Number(found?.value[1] ?? 0) < containers[colour]
  })

type Reading = { requests: number; errors: number; buckets: Bucket[] }

/** What each colour answered since now. Totals are subtracted: a rate would miss a series' first value. */
export const readPrometheus = async (url: string) => {
  const first = { blue: await read(url, 'blue'), green: await read(url, 'green') }
  return async () => {
    const [blue, green] = [await read(url, 'blue'), await read(url, 'green')]
    const since = { blue: difference(first.blue, blue), green: difference(first.green, green) }
    return since.blue && since.green ? { blue: since.blue, green: since.green } : undefined
  }
}

const read = async (url: string, slot: Colour): Promise<Reading> => {
  const time = Date.now() / 1000
  const [statuses, buckets] = await Promise.all([
    ask(url, `sum by (status) (http_requests_total{slot="${slot}"})`, time),
    ask(url, `sum by (le) (http_request_duration_seconds_bucket{slot="${slot}"})`, time),
  ])
  const count = (samples: Sample[]) => samples.reduce((sum, { value }) => sum + Number(value[1]), 0)
  return {
    requests: count(statuses),
    errors: count(statuses.filter(({ metric }) => metric.status?.startsWith('5'))),
    buckets: buckets.map(({ metric, value }) => ({
      seconds: metric.le === '+Inf' ? Infinity : Number(metric.le),
      count: Number(value[1]),
    })),
  }
}

const difference = (first: Reading, second: Reading): Figures | undefined => {
  const buckets = between(first.buckets, second.buckets)
  const [requests, errors] = [second.requests - first.requests, second.errors - first.errors]
  if (!buckets || requests < 0 || errors < 0) return undefined
  return { requests, errors, times: buckets }
}
