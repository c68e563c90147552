import { randomUUID } from 'node:crypto'
import type { Database } from '../../kernel/database.ts'
import { sql } from '../../kernel/sql.ts'
import { requestOf } from './wire.ts'

export type Offered = { id: string; quote_hash: string; flight_id: string }

const born_on = '1990-05-17'
const FLIGHTS = 600

/** Asks the API for an offer of each of many flights, all of one aircraft: each booking is the same work. */
export const askOffers = async (
  db: Database,
  token: string,
  ask: (request: string) => Promise<string>,
): Promise<string[]> => {
  const flights = await db.rows<{ id: string }>(sql('offers.bench_flights')`
    select id from flights.flights
     where aircraft_code = 'A320' and departs_at > now() + interval '2 days'
  order by departs_at, id
     limit ${FLIGHTS}`)
  const ids: string[] = []
  for (const { id: flight_id } of flights) {
    const head = { method: 'POST', path: '/api/offers', token, key: randomUUID() } as const
    const body = { slices: [{ flight_id }], passengers: [{ born_on }] }
    ids.push((JSON.parse(await ask(requestOf(head, body))) as Offered).id)
  }
  return ids
}

/** Offers to book, each once: copies of those that the API made, going round the flights. */
export const createSupply = (db: Database, ids: string[]) => {
  let offers: Offered[] = []
  return {
    haveAtLeast: async (count: number) => {
      const copies = Math.ceil((count - offers.length) / ids.length)
      if (copies > 0) offers = [...offers, ...(await copyOffers(db, ids, copies))]
    },
    take: () => {
      const offer = offers.pop()
      if (!offer) throw new Error('Faster than expected: the offers have run out.')
      return offer
    },
  }
}

const copyOffers = (db: Database, ids: string[], copies: number) =>
  db.rows<Offered>(sql('offers.bench_copy')`
    insert into offers.offers
           (slices, passengers, pets, promotion_code, seat_hold_ids, lines, total_amount, currency,
            quote_hash, price_explanation, priced_at, expires_at)
    select slices, passengers, pets, promotion_code, seat_hold_ids, lines, total_amount, currency,
           quote_hash, price_explanation, priced_at, expires_at
      from offers.offers o
     cross join generate_series(1, ${copies}) as copy
     where o.id = any (${ids}::uuid[])
  order by copy
 returning id, quote_hash, slices -> 0 ->> 'flight_id' as flight_id`)

export const orderFor = ({ id, quote_hash }: Offered) => ({
  offer_id: id,
  quote_hash,
  contact: { email: 'ana@aeroflash.example', phone: '+57 300 123 4567' },
  passengers: [
    {
      given_name: 'Ana',
      family_name: 'Peñaloza Díaz',
      born_on,
      document: { type: 'passport', number: 'AB123456', issuing_country: 'CO' },
    },
  ],
})
