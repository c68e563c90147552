import type { Database } from '../../kernel/database.ts'
import { sql } from '../../kernel/sql.ts'
import { audit } from '../audit.ts'
import type { Api } from '../stack.ts'
import { askUntilAnswered, newTally } from './asking.ts'
import type { Tally } from './asking.ts'
import { buy } from './buyer.ts'
import type { Ending } from './buyer.ts'
import { createKiller } from './killer.ts'

export type Crowd = { buyers: number; inFlight: number; kills: number }

export type Rush = Crowd & {
  seats: number
  sold: number
  refused: number
  again: Tally['again']
  /** Customers whose payment a crash swallowed and who paid anew under another key. */
  paidAnew: number
  faults: number
  seconds: number
  /** Everything that is not as it must be, in sentences; empty when the proof has succeeded. */
  wrong: string[]
}

/** Lets the crowd buy the flight, until each of them has had a definite answer. */
export const sellOut = async (db: Database, apis: Api[], crowd: Crowd): Promise<Rush> => {
  const flight = await findFlight(db)
  const sales = Math.min(flight.seats, crowd.buyers)
  const killer = createKiller(apis, { kills: crowd.kills, sales })
  const tally = newTally()
  const urls = () => apis.map(({ url }) => url)
  const shop = {
    flightId: flight.id,
    ask: askUntilAnswered.bind(undefined, { urls, tally }),
    paysAnew: () => void (tally.paidAnew += 1),
  }

  const startedAt = performance.now()
  const endings = await serve(crowd, async () => {
    const ending = await buy(shop).catch(gaveUp)
    if (ending.how === 'sold') killer.sawSale()
    return ending
  })
  const seconds = Math.round(performance.now() - startedAt) / 1000

  const count = (how: Ending['how']) => endings.filter((ending) => ending.how === how).length
  const rush = {
    ...crowd,
    ...tally,
    kills: await killer.count(),
    seats: flight.seats,
    sold: count('sold'),
    refused: count('refused'),
    seconds,
  }
  const wrong = [
    ...wrongAnswers(rush, { sales, kills: crowd.kills }, endings),
    ...(await wrongBooks(db, flight.id, sales)),
  ]
  return { ...rush, wrong }
}

const findFlight = (db: Database) =>
  db.oneRow<{ id: string; seats: number }>(sql('rush.flight')`
    select f.id, count(*)::int as seats
      from flights.flights f
      join seats.units u on u.flight_id = f.id and u.kind = 'seat' and u.status = 'available'
     where f.flight_number = 'AF1001'
       and f.departs_at > now() + interval '3 days'
  group by f.id
  order by f.departs_at
     limit 1`)

const serve = async ({ buyers, inFlight }: Crowd, serveOne: () => Promise<Ending>) => {
  const endings: Ending[] = []
  let served = 0
  const queue = async () => {
    while (served++ < buyers) endings.push(await serveOne())
  }
  await Promise.all(Array.from({ length: inFlight }, queue))
  return endings
}

const gaveUp = ({ message }: Error): Ending => ({ how: 'odd', what: message })

type Counts = Pick<Rush, 'buyers' | 'sold' | 'refused' | 'faults' | 'kills'>

const wrongAnswers = (
  { buyers, sold, refused, faults, kills }: Counts,
  expected: { sales: number; kills: number },
  endings: Ending[],
) => [
  ...(sold === expected.sales ? [] : [`${sold} buyers have a seat, not ${expected.sales}.`]),
  ...(refused === buyers - expected.sales ? [] : [`${refused} buyers were told it is sold out.`]),
  ...(faults === 0 ? [] : [`${faults} answers were a fault of ours.`]),
  ...(kills === expected.kills ? [] : [`Only ${kills} kills happened.`]),
  ...endings.flatMap((ending) => (ending.how === 'odd' ? [ending.what] : [])).slice(0, 5),
]

const wrongBooks = async (db: Database, flightId: string, sales: number) => {
  const { sold } = await db.oneRow<{ sold: number }>(sql('rush.sold')`
    select count(distinct (unit_code, booking_id))::int as sold
      from seats.sales
     where flight_id = ${flightId} and kind = 'seat' and released_at is null`)
  const findings = await audit(db)
  const broken = findings.filter(({ broken }) => broken.length > 0)
  return [
    ...(sold === sales ? [] : [`${sold} seats are sold in the database, not ${sales}.`]),
    ...broken.map(({ name, broken }) => `Audit: ${name}: ${JSON.stringify(broken[0])}`),
  ]
}
