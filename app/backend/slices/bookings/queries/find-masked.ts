import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Flight } from '../../flights/events.ts'
import type { BookingStatus } from '../events.ts'

export type Needs = {
  db: Database
  findFlights: (within: { db: Database }, ids: string[]) => Promise<Flight[]>
}

type Stored = {
  booking_reference: string
  status: BookingStatus
  email: string
  passengers: { ordinal: number; name: string; type: string }[]
  flight_ids: string[]
}

/** What a reference and a family name may see: where it goes and how it stands, nobody's data. */
export const findMasked = async (needs: Needs, id: string) => {
  const { flight_ids, ...booking } = await needs.db.oneRow<Stored>(sql('bookings.find_masked')`
    select booking_reference, status,
           left(contact_email, 1) || '***@' || left(split_part(contact_email, '@', 2), 1) || '***' as email,
           (select jsonb_agg(jsonb_build_object(
                     'ordinal', ordinal, 'type', type,
                     'name', left(given_name, 1) || '*** ' || left(family_name, 1) || '***') order by ordinal)
              from bookings.passengers where booking_id = b.id) as passengers,
           array(select distinct flight_id from bookings.items
                  where booking_id = b.id and released_at is null) as flight_ids
      from bookings.bookings b
     where id = ${id}`)
  const flights = await needs.findFlights(needs, flight_ids)
  return {
    ...booking,
    slices: flights.map((flight) => ({
      flight_id: flight.id,
      flight_number: flight.flight_number,
      origin: flight.origin,
      destination: flight.destination,
      departs_at: flight.departs_at,
      status: flight.status,
    })),
  }
}
