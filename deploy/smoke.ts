// Sent into containers as it is, through the standard input of their Node: one file, nothing but Node's own.
import { parseArgs } from 'node:util'

type Body = Record<string, unknown>
type Asked = { status: number; body: Body }

const SECONDS_MAX = 5

/**
 * What a passenger does first, without buying: search a flight, look at it and its seats, have it priced, see
 * that the price adds up.
 * Holds and books nothing; the offer expires by itself.
 */
const smoke = async (url: string, version: string | undefined) => {
  const ready = await ask(url, '/api/readyz')
  check(ready.status === 200, `readyz answers ${ready.status}: ${String(ready.body.reason)}`)
  const said = String(ready.body.version)
  check(!version || said === version, `version ${said} answers, not ${version}`)
  const flight = await findFlight(url)
  const looked = await ask(url, `/api/flights/${flight}`)
  check(looked.status === 200 && looked.body.id === flight, `a flight is answered ${looked.status}`)
  const map = await ask(url, `/api/flights/${flight}/seats`)
  check(Boolean((map.body.cabins as [] | undefined)?.length), `seats are answered ${map.status}`)
  const offer = await ask(url, '/api/offers', {
    slices: [{ flight_id: flight }],
    passengers: [{ born_on: '1990-05-17' }],
  })
  check(offer.status === 201, `an offer is answered ${offer.status}: ${String(offer.body.title)}`)
  const { lines, total, quote_hash } = offer.body as Record<string, never> & {
    lines: { amount: number }[]
    total: { amount: number }
  }
  const sum = lines.reduce((sum, { amount }) => sum + amount, 0)
  check(sum === total.amount, `the lines of an offer add up to ${sum}, not ${total.amount}`)
  check(Boolean(quote_hash), 'an offer has no hash')
  return said
}

const findFlight = async (url: string) => {
  // Not every day has a seat left.
  for (const days of [20, 27, 34]) {
    const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    const path = `/api/flights?origin=BOG&destination=ADZ&departure_date=${day}`
    const { status, body } = await ask(url, path)
    check(status === 200, `a search is answered ${status}`)
    const flights = body.flights as { id: string; seats_left: number }[]
    const found = flights.find(({ seats_left }) => seats_left > 0)
    if (found) return found.id
  }
  throw new Error('no flight from BOG to ADZ has a seat left')
}

const ask = async (url: string, path: string, body?: object): Promise<Asked> => {
  const response = await fetch(url + path, {
    signal: AbortSignal.timeout(SECONDS_MAX * 1000),
    ...(body && {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
      body: JSON.stringify(body),
    }),
  }).catch(({ message, cause }: Error) => {
    throw new Error(`${path}: ${cause instanceof Error ? cause.message : message}`)
  })
  return { status: response.status, body: (await response.json().catch(() => ({}))) as Body }
}

const check = (isSo: boolean, otherwise: string) => {
  if (!isSo) throw new Error(otherwise)
}

const pageOf = async (url: string) => {
  const page = await fetch(url, { signal: AbortSignal.timeout(SECONDS_MAX * 1000) })
  const isPage = page.ok && (await page.text()).includes('<html')
  check(isPage, `the site's first page is answered ${page.status}`)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: 'string' },
    /** More than once warms the process up. */
    times: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '1' },
    /** The API alone, without the site. */
    api: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
  },
})

/** A URL, or the name of an environment, which only the repository knows. */
const urlOf = async (named: string) => {
  if (/^https?:/.test(named)) return named.replace(/\/$/, '')
  const { readOrder } = await import('./order.ts')
  const { siteUrl } = readOrder([named], process.env).environment
  if (!siteUrl) throw new Error(`say where ${named} is: ${named.toUpperCase()}_URL`)
  return siteUrl
}

const main = async () => {
  const named = positionals.length > 0 ? positionals : ['local']
  if (values.dry) return `would search and price at ${named.join()}, and look at the first page`
  const said = named.map(async (name) => smokeAt(await urlOf(name)))
  return (await Promise.all(said)).join('\n')
}

const smokeAt = async (url: string) => {
  if (!values.api) await pageOf(url)
  const one = async () => {
    let version = ''
    for (let time = 0; time < Number(values.times); time++)
      version = await smoke(url, values.version)
    return version
  }
  const [version] = await Promise.all(Array.from({ length: Number(values['at-once']) }, one))
  return `${version} answers at ${url}: searched, priced, the price adds up`
}

try {
  process.stdout.write(`${await main()}\n`)
} catch (error) {
  process.stderr.write(`smoke: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
