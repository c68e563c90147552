import type { Database } from '../../../kernel/database.ts'
import { note } from '../../../kernel/ledger.ts'
import type { Currency } from '../../../kernel/money.ts'
import type { Principal } from '../../../kernel/principal.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Flight } from '../../flights/events.ts'
import type { BookingStatus } from '../events.ts'
import type { BookingLine } from '../lines.ts'
import { noSuchBooking, reachOf } from '../lock-booking.ts'

export type Payment = { id: string; status: string; amount: number; created_at: Date }
export type Refund = { id: string; status: string; amount: number; reason: string }

export type Needs = {
  db: Database
  findFlights: (within: { db: Database }, ids: string[]) => Promise<Flight[]>
  findMoney: (
    within: { db: Database },
    booking_id: string,
  ) => Promise<{ payments: Payment[]; refunds: Refund[] }>
}

type Stored = {
  id: string
  booking_reference: string
  status: BookingStatus
  version: number
  total_amount: number
  currency: Currency
  contact: { email: string; phone: string | null }
  language: 'es' | 'en'
  pets: number
  placed_at: Date
  confirmed_at: Date | null
  payment_required_by: Date
  passengers: {
    ordinal: number
    type: 'adult' | 'child' | 'infant_without_seat'
    given_name: string
    family_name: string
    born_on: string
    resident_of: string | null
    document: { type: string; issuing_country: string; number_ends: string }
  }[]
  items: {
    passenger: number | null
    flight_id: string
    cabin: string
    kind: string
    unit_code: string
  }[]
  lines: Omit<BookingLine, 'id'>[]
}

/** The whole of a booking, for someone whose it is. Documents are shown by their last characters. */
export const findBooking = async (needs: Needs, id: string, who: Principal) => {
  const { account_id, guest_of, is_staff } = reachOf(who)
  const stored = await needs.db.maybeRow<Stored>(sql('bookings.find')`
    select id, booking_reference, status, version, total_amount, currency, language, pets,
           placed_at, confirmed_at, payment_required_by,
           jsonb_build_object('email', contact_email, 'phone', contact_phone) as contact,
           (select jsonb_agg(jsonb_build_object(
                     'ordinal', ordinal, 'type', type, 'given_name', given_name,
                     'family_name', family_name, 'born_on', born_on, 'resident_of', resident_of,
                     'document', jsonb_build_object(
                       'type', document ->> 'type', 'issuing_country', document ->> 'issuing_country',
                       'number_ends', right(document ->> 'number', 3)))
                   order by ordinal)
              from bookings.passengers where booking_id = b.id) as passengers,
           (select coalesce(jsonb_agg(jsonb_build_object(
                     'passenger', passenger, 'flight_id', flight_id, 'cabin', cabin,
                     'kind', kind, 'unit_code', unit_code) order by i.id), '[]')
              from bookings.shown_items i where booking_id = b.id) as items,
           (select jsonb_agg(jsonb_build_object(
                     'kind', kind, 'code', code, 'passenger', passenger, 'flight_id', flight_id,
                     'quantity', quantity, 'amount', amount, 'currency', currency,
                     'refundable', refundable, 'rule_id', rule_id, 'rule_version', rule_version,
                     'name_es', name_es, 'name_en', name_en, 'reverses_line_id', reverses_line_id)
                   order by l.id)
              from bookings.lines l where booking_id = b.id) as lines
      from bookings.bookings b
     where id = ${id}
       and (${is_staff} or account_id = ${account_id} or id = ${guest_of})`)
  if (!stored) throw noSuchBooking()
  note('booking_reference', stored.booking_reference)

  const { items, total_amount, ...booking } = stored
  const flights = await needs.findFlights(needs, [...new Set(items.map((i) => i.flight_id))])
  const money = await needs.findMoney(needs, id)
  return {
    ...booking,
    total: { amount: total_amount, currency: booking.currency },
    available_actions: actionsOf(booking.status),
    slices: flights
      .toSorted((a, b) => a.departs_at.getTime() - b.departs_at.getTime())
      .map((flight) => sliceOf(flight, items)),
    ...money,
  }
}

const actions: Partial<Record<BookingStatus, ('pay' | 'cancel' | 'change')[]>> = {
  pending_payment: ['pay', 'cancel'],
  confirmed: ['change', 'cancel'],
}

export const actionsOf = (status: BookingStatus) => actions[status] ?? []

const sliceOf = (flight: Flight, items: Stored['items']) => {
  const own = items.filter(({ flight_id }) => flight_id === flight.id)
  return {
    flight_id: flight.id,
    flight_number: flight.flight_number,
    origin: flight.origin,
    destination: flight.destination,
    departure_date: flight.departure_date,
    departs_at: flight.departs_at,
    arrives_at: flight.arrives_at,
    status: flight.status,
    cabin: own[0]?.cabin ?? 'economy',
    seats: own
      .filter(({ kind }) => kind === 'seat')
      .map(({ passenger, unit_code }) => ({ passenger, seat: unit_code })),
  }
}
