import type { Compose } from './compose.ts'
import { inContainer } from './database.ts'
import { placeOf } from './log.ts'
import { readAbout } from './stored.ts'

const SEGMENT_BITS = 24

// Its file names each timeline that it comes from, and where it left that: 1, tab, 0/5000060, tab, why.
const readHistory = `
cd /archive
name=$(ls | grep "^$ASKED[0-9A-F]*[.]history[.]gz$" | LC_ALL=C sort | tail -n 1)
[ -z "$name" ] || { echo "$name"; gzip -dc "$name"; }
`

/**
 * Throws when a timeline does not lead on from a backup, as after going back to before it was taken. PostgreSQL
 * would say so as well, but only once all has been stopped.
 */
export const refuseAbandoned = async (compose: Compose, backup: string, timeline = 'latest') => {
  if (timeline === 'current') return
  const { firstWal } = await readAbout(backup)
  const own = numberOf(firstWal)
  const ASKED =
    timeline === 'latest' ? '' : Number(timeline).toString(16).toUpperCase().padStart(8, '0')
  const [name, ...lines] = (await inContainer(compose, readHistory, { ASKED })).split('\n')
  if (name === '' && ASKED !== '' && Number(timeline) !== own)
    throw new Error(`There is no timeline ${timeline}.`)
  if (!leadsOn(firstWal, name!.slice(0, 8), lines))
    throw new Error(
      `Timeline ${numberOf(name!)} does not lead on from ${backup}, which is on timeline ${own}: that was left before. Name an older backup or, to have what was left, this one with --to backup or --timeline ${own}.`,
    )
}

const numberOf = (name: string) => parseInt(name.slice(0, 8), 16)

const leadsOn = (firstWal: string, timeline: string, history: string[]) => {
  if (timeline === '' || numberOf(timeline) === numberOf(firstWal)) return true
  const left = history
    .map((line) => line.split('\t'))
    .find(([number]) => Number(number) === numberOf(firstWal))
  return left !== undefined && segmentOf(left[1]!) >= placeOf(firstWal)
}

const segmentOf = (position: string) => {
  const [high, low] = position.split('/')
  const segment = (parseInt(low!, 16) >>> SEGMENT_BITS).toString(16).toUpperCase()
  return `${high!.padStart(8, '0')}${segment.padStart(8, '0')}`
}
