import { pbkdf2Sync, randomBytes } from 'node:crypto'
import type { Database } from '../kernel/database.ts'
import { sql } from '../kernel/sql.ts'
import { hooked } from './fault.ts'
import type { SaleOf, Subjects } from './fault.ts'

/** Some 200 ms of a core. */
const ROUNDS = 500_000

/** What a build does worse than the one before: nothing switches it, only another build ends it. */
export const badRelease = ({ config, hooks, db }: Pick<Subjects, 'config' | 'hooks' | 'db'>) => {
  if (config.BAD_RELEASE === 'slow')
    // Somebody has begun to sign each answer of the search, with a key that is derived each time.
    hooked(hooks.onRequest, (c) => {
      if (c.req.path === '/api/flights')
        pbkdf2Sync(config.AUTH_SECRET, randomBytes(16), ROUNDS, 64, 'sha512')
    })
  if (config.BAD_RELEASE === 'errors')
    // It reads a column that the migration which this build forgot would have made.
    hooked(hooks.aroundSale, (usual: SaleOf) => async (flights, passengers) => {
      await readLoyaltyFares(db, flights[0]?.id)
      return usual(flights, passengers)
    })
}

const readLoyaltyFares = (db: Database, flightId: string | undefined) =>
  db.rows(sql('faults.loyalty_fares')`
    select loyalty_fare from seats.departures where flight_id = ${flightId ?? null}`)
