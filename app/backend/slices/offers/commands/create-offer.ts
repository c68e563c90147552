import type { Database } from '../../../kernel/database.ts'
import { Problem, invalid } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Flight } from '../../flights/events.ts'
import type { Offer, OfferedSlice } from '../events.ts'
import { FARE_VERSION, daysBetween, fareFor } from '../fare.ts'
import type { CabinName } from '../fare.ts'
import { needsSeat, passengersOn } from '../passengers.ts'
import type { AskedPassenger, OfferedPassenger } from '../passengers.ts'
import { currentTaxes, findPromotion } from '../queries/find-rules.ts'
import { quote } from '../quote.ts'

export type AskedSlice = { flight_id: string; cabin: CabinName }
export type CreateOffer = {
  slices: AskedSlice[]
  passengers: AskedPassenger[]
  pets: number
  promotion_code?: string | undefined
  seat_hold_ids: string[]
}

export type Load = { flight_id: string; cabin: string; seats_left: number; capacity: number }
export type HeldSeat = { hold_id: string; flight_id: string; unit_code: string; cabin: string }

export type Needs = {
  db: Database
  clock: () => Date
  findFlights: (within: { db: Database }, ids: string[]) => Promise<Flight[]>
  countSeats: (within: { db: Database }, flightIds: string[]) => Promise<Load[]>
  findHeldSeats: (within: { db: Database }, holdIds: string[]) => Promise<HeldSeat[]>
}

/** Decided by the brief: long enough to fill in a family's names, short enough to stay true. */
const OFFER_MINUTES = 20

/** Freezes a price: what is booked with this offer and its hash costs exactly this. */
export const createOffer = async (needs: Needs, asked: CreateOffer) => {
  const now = needs.clock()
  const ids = asked.slices.map(({ flight_id }) => flight_id)
  const flights = await needs.findFlights(needs, ids)
  const loads = await needs.countSeats(needs, ids)
  const held = await needs.findHeldSeats(needs, asked.seat_hold_ids)
  const taxes = await currentTaxes(needs)
  const promotion = await findPromotion(needs, asked.promotion_code)
  requireJourney(ids, flights, now)
  requireLiveHolds(asked, held)

  const lastDay = flights.at(-1)!.departure_date
  const passengers = passengersOn(asked.passengers, lastDay)
  requireLapsForPets(asked.pets, passengers)
  const seatsNeeded = passengers.filter(needsSeat).length
  const slices = asked.slices.map((slice, index) => {
    const flight = flights[index]!
    const own = held.filter((h) => h.flight_id === flight.id && h.cabin === slice.cabin)
    const load = loads.find((l) => l.flight_id === flight.id && l.cabin === slice.cabin)
    requireSeats({ flight, load, own, seatsNeeded })
    return offeredSlice(flight, slice.cabin, load!, own, now)
  })

  const priced = quote({ slices, passengers, pets: asked.pets, promotion, taxes })
  const expires_at = new Date(now.getTime() + OFFER_MINUTES * 60_000)
  const offer = {
    slices,
    passengers,
    pets: asked.pets,
    promotion_code: promotion?.code ?? null,
    seat_hold_ids: asked.seat_hold_ids,
    lines: priced.lines,
    total_amount: priced.total.amount,
    currency: priced.total.currency,
    quote_hash: priced.quote_hash,
    expires_at,
  }
  return { id: await store(needs.db, offer, { now, loads }), ...offer }
}

const requireJourney = (ids: string[], flights: Flight[], now: Date) => {
  const missing = ids.findIndex((id) => !flights.some((flight) => flight.id === id))
  if (missing >= 0)
    throw invalid({
      pointer: `/slices/${missing}/flight_id`,
      code: 'unknown_flight',
      detail: 'There is no such flight.',
    })
  const closed = flights.find((f) => f.departs_at <= now || f.status === 'cancelled')
  if (closed) throw new Problem('flight-closed', undefined, { members: { flight_id: closed.id } })
  const early = flights.findIndex((f, i) => i > 0 && f.departs_at <= flights[i - 1]!.arrives_at)
  if (early > 0)
    throw invalid({
      pointer: `/slices/${early}/flight_id`,
      code: 'departs_too_early',
      detail: 'This flight departs before the one before it arrives.',
    })
}

const requireLiveHolds = ({ seat_hold_ids, slices }: CreateOffer, held: HeldSeat[]) => {
  const dead = seat_hold_ids.find((id) => !held.some(({ hold_id }) => hold_id === id))
  if (dead) throw new Problem('hold-expired', undefined, { members: { seat_hold_id: dead } })
  const stray = held.find(
    (h) => !slices.some((s) => s.flight_id === h.flight_id && s.cabin === h.cabin),
  )
  if (stray)
    throw invalid({
      pointer: '/seat_hold_ids',
      code: 'hold_of_another_flight',
      detail: `Seat ${stray.unit_code} is held on a flight or in a cabin that is not asked for.`,
    })
}

const requireLapsForPets = (pets: number, passengers: OfferedPassenger[]) => {
  if (pets > passengers.filter(({ type }) => type === 'adult').length)
    throw invalid({
      pointer: '/pets',
      code: 'one_pet_an_adult',
      detail: 'Each pet travels with an adult of its own.',
    })
}

type SeatCheck = { flight: Flight; load: Load | undefined; own: HeldSeat[]; seatsNeeded: number }

const requireSeats = ({ flight, load, own, seatsNeeded }: SeatCheck) => {
  const members = { flight_id: flight.id, left: load?.seats_left ?? 0 }
  if (own.length > seatsNeeded)
    throw invalid({
      pointer: '/seat_hold_ids',
      code: 'more_seats_than_passengers',
      detail: `${own.length} seats are held for ${seatsNeeded} passengers who need one.`,
    })
  if (!load || load.seats_left + own.length < seatsNeeded)
    throw new Problem('sold-out', undefined, { members })
}

const offeredSlice = (
  flight: Flight,
  cabin: CabinName,
  load: Load,
  own: HeldSeat[],
  now: Date,
): OfferedSlice => ({
  flight_id: flight.id,
  flight_number: flight.flight_number,
  cabin,
  departure_date: flight.departure_date,
  arrival_date: flight.arrival_date,
  origin: flight.origin,
  origin_region: flight.origin_region,
  destination: flight.destination,
  destination_region: flight.destination_region,
  departs_at: flight.departs_at.toISOString(),
  arrives_at: flight.arrives_at.toISOString(),
  seats: own.map(({ unit_code }) => unit_code),
  // Seats that the passenger holds are not scarce to that passenger.
  fare: fareFor({
    distance_km: flight.distance_km,
    cabin,
    seats_left: load.seats_left + own.length,
    capacity: load.capacity,
    days_left: daysBetween(now, flight.departs_at),
  }),
})

const store = async (
  db: Database,
  offer: Omit<Offer, 'id'>,
  { now, loads }: { now: Date; loads: Load[] },
) => {
  const { id } = await db.oneRow<{ id: string }>(sql('offers.store')`
    insert into offers.offers
           (slices, passengers, pets, promotion_code, seat_hold_ids, lines, total_amount, currency,
            quote_hash, price_explanation, priced_at, expires_at)
    values (${JSON.stringify(offer.slices)}, ${JSON.stringify(offer.passengers)}, ${offer.pets},
            ${offer.promotion_code}, ${offer.seat_hold_ids}, ${JSON.stringify(offer.lines)},
            ${offer.total_amount}, ${offer.currency}, ${offer.quote_hash},
            ${JSON.stringify({ fare_version: FARE_VERSION, loads })}, ${now}, ${offer.expires_at})
 returning id`)
  return id
}
