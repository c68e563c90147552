import { parseArgs } from 'node:util'
import { isLoopback } from './drive/addresses.ts'
import { drive } from './drive/drive.ts'
import type { Driven } from './drive/drive.ts'
import { tableOf } from './drive/tally.ts'
import { profiles } from './profiles/profiles.ts'

const USAGE = `Usage: npm run load:gate -- <url> [--rate 5] [--seconds 30] [--json] [--allow-remote] [--dry]

Whether a release may have the traffic: the mix of passengers for half a minute. Ends with 1 when an
answer should not have been given, when a route misses its target, or when it cannot keep up.`

/** Of the requests of a route, as its objective says. */
const FAST_SHARE = 0.95
const TARGET_MS = 300
/** Fewer prove nothing about one route; they count in the total all the same. */
const REQUESTS_MIN = 20

const options = {
  rate: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '30' },
  json: { type: 'boolean', default: false },
  'allow-remote': { type: 'boolean', default: false },
  dry: { type: 'boolean', default: false },
} as const

type Targets = Map<string, number>

/** Above what an answer of each route is slow, as its own document says. */
const targetsOf = async (url: string): Promise<Targets> => {
  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { 'x-latency-target-ms'?: number }>>
  }
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, about]) => {
      const route = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`
      return [route, about['x-latency-target-ms'] ?? TARGET_MS] as const
    }),
  )
  return new Map(routes)
}

/** Why it may not pass, in sentences; empty when it may. */
export const failings = (driven: Driven, targets: Targets): string[] => [
  ...driven.sentences,
  ...(driven.turnedAway > 0 ? [`It does not keep up: ${driven.turnedAway} found no room.`] : []),
  ...(driven.requests < REQUESTS_MIN ? [`Only ${driven.requests} requests: no proof.`] : []),
  ...driven.routes.flatMap(({ route, requests, p95_ms }) => {
    const target = targets.get(route) ?? TARGET_MS
    return requests < REQUESTS_MIN || p95_ms <= target
      ? []
      : [`${route}: p95 ${p95_ms} ms; ${FAST_SHARE * 100} % are to be below ${target} ms.`]
  }),
]

const main = async () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [url, ...more] = positionals
  if (!url || more.length > 0 || !URL.canParse(url)) throw new Error(USAGE)
  if (!isLoopback(url) && !values['allow-remote'])
    throw new Error(`${url} is not this machine. If it is yours to load: --allow-remote.`)
  const [rate, seconds] = [Number(values.rate), Number(values.seconds)]
  if (!(rate > 0 && rate <= 200 && seconds > 0 && seconds <= 600)) throw new Error(USAGE)

  const { origin } = new URL(url)
  if (values.dry)
    return console.log(`would send ${rate} passengers a second for ${seconds} s to ${origin}`)

  const targets = await targetsOf(origin)
  const { journey } = profiles.mix
  const driven = await drive({ urls: () => [origin], journey, rate, seconds, seed: 1 })
  const wrong = failings(driven, targets)
  if (values.json) console.log(JSON.stringify({ ...driven, wrong }))
  else console.log([tableOf(driven.routes), ...(wrong.length > 0 ? wrong : ['passed'])].join('\n'))
  process.exitCode = wrong.length > 0 ? 1 : 0
}

if (import.meta.main)
  await main().catch(({ message }: Error) => {
    console.error(message)
    process.exitCode = 2
  })
