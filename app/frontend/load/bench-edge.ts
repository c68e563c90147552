import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { withStack } from '../../backend/load/stack.ts'
import type { Api, Stack } from '../../backend/load/stack.ts'
import { withDatabase } from '../../backend/local/database.ts'
import { seed } from '../../backend/seed.ts'
import { dayIn } from '../../backend/test/passenger.ts'
import { requireTool } from '../../backend/test/debian-package.ts'
import { makeSite } from '../test/edge-site.ts'
import { startNginx } from '../test/nginx.ts'
import { openBookings } from './edge-bookings.ts'
import { measure, mediansOf, tableOf } from './edge-rounds.ts'
import type { Pace, Run, Side } from './edge-rounds.ts'
import { createWrk } from './edge-wrk.ts'

const SEEDED_DAYS = 12
const SEARCH = `/api/flights?origin=BOG&destination=ADZ&departure_date=${dayIn(8)}`
/** Somebody is there, so Nginx neither keeps nor finds an answer. */
const SOMEBODY = { Cookie: 'seen=1' }

const names = {
  script: 'static script, compressed when built',
  limit: 'static file of the size of a search: the limit',
  cached: 'search, cached by Nginx',
  zipped: 'the same, compressed as browsers ask',
  uncached: 'search, uncached, through Nginx',
  searched: 'search, straight to the API',
  through: 'booking, through Nginx',
  straight: 'booking, straight to the API',
}

const withEdge = async (stack: Stack, pace: Pace) => {
  const [binary, wrk] = [await requireTool('nginx'), await requireTool('wrk')]
  if (!binary || !wrk) throw new Error('bench:edge needs nginx and wrk (Debian: apt install).')
  const databaseUrl = await stack.createDatabase('edge', (to) => seed(to, { days: SEEDED_DAYS }))
  const api = await stack.startApi(databaseUrl)
  const answer = await (await fetch(api.url + SEARCH)).text()
  const site = await makeSite({
    'assets/search-0a1b2c3d.bin': answer,
    // As large as the site's first script may be: base64 shrinks by a quarter.
    'assets/app-0a1b2c3d.js': `//${randomBytes(60_000).toString('base64')}`,
  })
  const blue = new URL(api.url).host
  const where = { binary, siteRoot: site.root, api: { blue }, trustedProxy: '127.0.0.1' }
  const nginx = await startNginx(where)
  const client = await createWrk(wrk, pace)
  try {
    const { url } = nginx
    const search = (name: string, of: string, headers = {}): Side => ({
      name,
      run: (seconds) => client.run(of, headers, seconds),
    })
    const medians = await withDatabase(databaseUrl, async (db) => {
      const booking = await openBookings(db, api, pace)
      return mediansOf(
        await measure(
          [
            search(names.script, `${url}/assets/app-0a1b2c3d.js`, { 'Accept-Encoding': 'gzip' }),
            search(names.limit, `${url}/assets/search-0a1b2c3d.bin`),
            search(names.cached, url + SEARCH),
            search(names.zipped, url + SEARCH, { 'Accept-Encoding': 'gzip' }),
            search(names.uncached, url + SEARCH, SOMEBODY),
            search(names.searched, api.url + SEARCH, SOMEBODY),
            booking(names.through, url),
            booking(names.straight, api.url),
          ],
          pace,
        ),
      )
    })
    const before = await searchesOf(api)
    await client.run(url + SEARCH, {}, 3)
    const asked = (await searchesOf(api)) - before
    return { search_bytes: Buffer.byteLength(answer), asked_a_second: asked / 3, medians }
  } finally {
    await Promise.all([client.remove(), nginx.stop(), site.remove()])
  }
}

const searchesOf = async ({ metricsUrl }: Api) => {
  // A series that is new says 0 at its first look, whatever it has counted.
  await (await fetch(metricsUrl)).text()
  const metrics = await (await fetch(metricsUrl)).text()
  const line = /^http_requests_total\{method="GET",route="\/api\/flights",status="200"\} (\d+)/m
  return Number(line.exec(metrics)?.[1] ?? 0)
}

const ratiosOf = (medians: Record<string, Run>) => {
  const ratio = (one: string, other: string) =>
    Math.round((medians[one]!.rate / medians[other]!.rate) * 100) / 100
  return {
    'cached search of the limit (aim: at least 0.6)': ratio(names.cached, names.limit),
    'cached search of a search straight to the API': ratio(names.cached, names.searched),
    'uncached search through Nginx of straight': ratio(names.uncached, names.searched),
    'booking through Nginx of straight': ratio(names.through, names.straight),
  }
}

/** `npm run bench:edge`: what Nginx costs and what it saves, from this machine to this machine. */
const main = async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '3' },
      'in-flight': { type: 'string', default: '32' },
      json: { type: 'boolean', default: false },
    },
  })
  const count = (name: 'rounds' | 'seconds' | 'in-flight') => {
    if (!/^[1-9]\d{0,2}$/.test(values[name])) throw new Error(`--${name} takes a whole number.`)
    return Number(values[name])
  }
  const pace = { rounds: count('rounds'), seconds: count('seconds'), inFlight: count('in-flight') }
  const figures = await withStack((stack) => withEdge(stack, pace))
  const ratios = ratiosOf(figures.medians)
  const lines = [
    ...tableOf(figures.medians),
    ...Object.entries(ratios).map(
      ([what, ratio]) => `${what.padEnd(46)}${ratio.toFixed(2).padStart(9)}`,
    ),
    `a search answer has ${figures.search_bytes} bytes; cached, the API is asked ${figures.asked_a_second.toFixed(1)} times a second`,
  ]
  console.log(values.json ? JSON.stringify({ pace, ...figures, ratios }) : lines.join('\n'))
}

if (import.meta.main)
  await main().catch((error: Error) => {
    console.error(error)
    process.exitCode = 2
  })
