import { parseArgs } from 'node:util'
import { withDatabase } from '../local/database.ts'
import { seed } from '../seed.ts'
import { sellOut } from './rush/sell-out.ts'
import type { Crowd, Rush } from './rush/sell-out.ts'
import { withStack } from './stack.ts'

const SEEDED_DAYS = 6

/**
 * The proof that no seat is sold twice: a crowd for one flight at two API processes, which are killed
 * in the middle of it. On a durable database of its own, unless another is given (migrated, seeded).
 */
export const rush = (crowd: Crowd, given?: string): Promise<Rush> =>
  withStack(async (stack) => {
    const databaseUrl = given ?? (await stack.createDatabase('rush', fill))
    const [first, second] = await Promise.all([
      stack.startApi(databaseUrl),
      stack.startApi(databaseUrl),
      stack.startWorker(databaseUrl),
    ])
    return withDatabase(databaseUrl, (db) => sellOut(db, [first, second], crowd))
  })

const fill = (url: string) => seed(url, { days: SEEDED_DAYS })

const tableOf = ({ again, wrong, ...counts }: Rush) =>
  [
    ['buyers', `${counts.buyers}, ${counts.inFlight} in flight`],
    ['seats', counts.seats],
    ['sold', counts.sold],
    ['refused, 409 sold-out', counts.refused],
    ['API processes killed', counts.kills],
    ['asked again: connection lost', again.lost],
    ['asked again: 503', again.unavailable],
    ['asked again: in progress', again.inProgress],
    ['paid anew after a crash', counts.paidAnew],
    ['5xx other than 503', counts.faults],
    ['seconds', counts.seconds],
    ['result', wrong.length === 0 ? 'as it must be; the audit is green' : wrong.join('\n')],
  ]
    .map(([what, value]) => `${String(what).padEnd(30)}${value}`)
    .join('\n')

const main = async () => {
  const { values } = parseArgs({
    options: {
      buyers: { type: 'string', default: '2000' },
      'in-flight': { type: 'string', default: '64' },
      kills: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
    },
  })
  const count = (name: 'buyers' | 'in-flight' | 'kills') => {
    if (!/^\d{1,6}$/.test(values[name])) throw new Error(`--${name} takes a whole number.`)
    return Number(values[name])
  }
  const crowd = { buyers: count('buyers'), inFlight: count('in-flight'), kills: count('kills') }
  const result = await rush(crowd)
  console.log(values.json ? JSON.stringify(result) : tableOf(result))
  process.exitCode = result.wrong.length === 0 ? 0 : 1
}

if (import.meta.main)
  await main().catch(({ message }: Error) => {
    console.error(message)
    process.exitCode = 2
  })
