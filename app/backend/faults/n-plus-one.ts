import type { Database } from '../kernel/database.ts'
import { currentRoute } from '../kernel/ledger.ts'
import { sql } from '../kernel/sql.ts'
import { hooked } from './fault.ts'
import type { Fault, SaleOf, Subjects } from './fault.ts'

const SEARCH = '/api/flights'

/** As a mapper does that loads what belongs to a flight when it is looked at, seat by seat. */
export const nPlusOne = ({ db, hooks }: Subjects): Fault => ({
  to: 'process',
  begin: async () =>
    hooked(hooks.aroundSale, (usual: SaleOf) => async (flights, passengers) => {
      if (currentRoute() !== SEARCH) return usual(flights, passengers)
      const sales: Awaited<ReturnType<SaleOf>> = new Map()
      for (const flight of flights) {
        await loadSeats(db, flight.id)
        for (const [id, sale] of await usual([flight], passengers)) sales.set(id, sale)
      }
      return sales
    }),
})

const loadSeats = async (db: Database, flightId: string) => {
  const seats = await db.rows<{ unit_code: string }>(sql('faults.list_seats')`
    select unit_code from seats.units where flight_id = ${flightId} and kind = 'seat'`)
  for (const { unit_code } of seats) {
    await db.oneRow(sql('faults.load_seat')`
      select cabin, status, held_until
        from seats.units
       where flight_id = ${flightId} and kind = 'seat' and unit_code = ${unit_code}`)
    await db.rows(sql('faults.load_sale')`
      select booking_id
        from seats.sales
       where flight_id = ${flightId} and kind = 'seat' and unit_code = ${unit_code}
         and released_at is null`)
  }
}
