import { parseArgs } from 'node:util'
import { isLoopback } from './drive/addresses.ts'
import { drive } from './drive/drive.ts'
import type { Driven } from './drive/drive.ts'
import { tableOf } from './drive/tally.ts'
import { profiles } from './profiles/profiles.ts'
import type { Profile } from './profiles/profiles.ts'

const USAGE = `Usage: npm run load:<profile> -- [--url http://localhost:8080] [--rate N] [--seconds N]
  [--seed N] [--json] [--allow-remote]

${Object.entries(profiles)
  .map(([name, { about, rate }]) => `  ${name.padEnd(8)}${about}; ${rate} passengers a second`)
  .join('\n')}

Passengers come by a Poisson process, however slow the answers are. Ends with 1 when there was an answer
that should not be, and with 2 when it could not run.`

const options = {
  url: { type: 'string', default: 'http://localhost:8080' },
  rate: { type: 'string' },
  seconds: { type: 'string', default: '60' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
  'allow-remote': { type: 'boolean', default: false },
} as const

const read = () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const profile: Profile | undefined = profiles[positionals[0] as keyof typeof profiles]
  if (!profile || positionals.length > 1) throw new Error(USAGE)
  const number = (name: 'rate' | 'seconds' | 'seed', most: number) => {
    const value = Number(values[name] ?? profile.rate)
    if (!(value > 0 && value <= most)) throw new Error(`--${name}: above 0, at most ${most}.`)
    return value
  }
  if (!URL.canParse(values.url)) throw new Error(`--url: ${values.url} is no address.`)
  if (!isLoopback(values.url) && !values['allow-remote'])
    throw new Error(`${values.url} is not this machine. If it is yours to load: --allow-remote.`)
  return {
    ...profile,
    url: values.url,
    json: values.json,
    rate: number('rate', 2_000),
    seconds: number('seconds', 3_600),
    seed: number('seed', 2 ** 31),
  }
}

export const told = (driven: Driven) =>
  [
    tableOf(driven.routes),
    `${driven.passengers} passengers in ${driven.seconds} s, ${driven.requests_per_second} requests a second`,
    ...(driven.turnedAway > 0
      ? [`${driven.turnedAway} passengers found no room: too slow for this rate`]
      : []),
    ...driven.sentences,
    driven.unexpected === 0
      ? 'every answer was one that may be given'
      : `${driven.unexpected} answers should not have been given`,
  ].join('\n')

const main = async () => {
  const { url, json, ...order } = read()
  const ending = new AbortController()
  process.once('SIGINT', () => ending.abort())
  const driven = await drive({ ...order, urls: () => [url], signal: ending.signal })
  console.log(json ? JSON.stringify(driven) : told(driven))
  process.exitCode = driven.unexpected > 0 || driven.turnedAway > 0 ? 1 : 0
}

if (import.meta.main)
  await main().catch(({ message }: Error) => {
    console.error(message)
    process.exitCode = 2
  })
