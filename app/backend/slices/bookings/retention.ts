import { share, sumOf } from '../../kernel/money.ts'
import type { Currency } from '../../kernel/money.ts'
import type { BookingLine, NewLine } from './lines.ts'

/** A dated row of bookings.refund_rules. */
export type RefundRule = {
  id: string
  code: string
  market: 'any' | 'domestic' | 'international'
  within_hours_of_purchase: number | null
  min_hours_before_departure: number
  retention_basis_points: number
  retention_max_amount: number | null
  name_es: string
  name_en: string
  version: number
}

export type Leaving = {
  flight_id: string
  departs_at: Date
  market: 'domestic' | 'international'
  /** We cancelled it: everything goes back, whatever the rules say. */
  is_cancelled: boolean
}

export type Considered = {
  flight_id: string
  code: string
  name_es: string
  name_en: string
  retained: number
  applied: boolean
}

export type Settlement = { lines: NewLine[]; rules: Considered[]; retained: number }

type Input = {
  /** The standing lines of the flights that are left. */
  lines: BookingLine[]
  flights: Leaving[]
  rules: RefundRule[]
  purchased_at: Date
  now: Date
}

const HOUR = 3_600_000

const ourCancellation: RefundRule = {
  id: 'flight-cancelled',
  code: 'FLIGHT_CANCELLED',
  market: 'any',
  within_hours_of_purchase: null,
  min_hours_before_departure: 0,
  retention_basis_points: 0,
  retention_max_amount: null,
  name_es: 'Vuelo cancelado por nosotros: devolución total',
  name_en: 'Flight cancelled by us: full refund',
  version: 1,
}

/**
 * What comes back and what is kept when flights are not flown. Everything refundable is reversed, line
 * by line; of each fare a part may be kept, by the rule that is best for the passenger. Every rule
 * that could apply is shown with what it would have kept.
 */
export const settleLeaving = (input: Input): Settlement => {
  const perFlight = input.flights.map((flight) => leave(flight, input))
  const lines = [
    ...input.lines.filter(isReversible).map(reversed),
    ...perFlight.flatMap((f) => f.kept),
  ]
  const rules = perFlight.flatMap((f) => f.considered)
  return { lines, rules, retained: sumOf(perFlight.flatMap((f) => f.kept.map((l) => l.amount))) }
}

const isFare = ({ kind }: BookingLine) => kind === 'fare' || kind === 'discount'
const isReversible = (line: BookingLine) => isFare(line) || line.refundable

const reversed = ({ id, ...line }: BookingLine): NewLine => ({
  ...line,
  amount: line.amount === 0 ? 0 : -line.amount,
  reverses_line_id: id,
})

const leave = (flight: Leaving, input: Input) => {
  const fares = faresByPassenger(input.lines.filter((line) => line.flight_id === flight.flight_id))
  const options = rulesFor(flight, input).map((rule) => {
    const kept = fares.map(({ passenger, fare, line }) => keptLine(rule, { passenger, fare, line }))
    return { rule, kept, retained: sumOf(kept.map(({ amount }) => amount)) }
  })
  const best = options.toSorted(
    (a, b) => a.retained - b.retained || (a.rule.code < b.rule.code ? -1 : 1),
  )[0]
  const considered = options.map(({ rule, retained }) => ({
    flight_id: flight.flight_id,
    code: rule.code,
    name_es: rule.name_es,
    name_en: rule.name_en,
    retained,
    applied: rule === best?.rule,
  }))
  return { kept: (best?.kept ?? []).filter(({ amount }) => amount > 0), considered }
}

const rulesFor = (flight: Leaving, { rules, purchased_at, now }: Input) => {
  if (flight.is_cancelled) return [ourCancellation]
  const sincePurchase = (now.getTime() - purchased_at.getTime()) / HOUR
  const untilDeparture = (flight.departs_at.getTime() - now.getTime()) / HOUR
  return rules.filter(
    (rule) =>
      (rule.market === 'any' || rule.market === flight.market) &&
      (rule.within_hours_of_purchase === null || sincePurchase <= rule.within_hours_of_purchase) &&
      untilDeparture >= rule.min_hours_before_departure,
  )
}

/** What each passenger paid for flying: the fare less the promotion. */
const faresByPassenger = (lines: BookingLine[]) =>
  lines
    .filter(({ kind }) => kind === 'fare')
    .map((line) => ({
      line,
      passenger: line.passenger,
      fare: sumOf(
        lines.filter((l) => isFare(l) && l.passenger === line.passenger).map((l) => l.amount),
      ),
    }))

const keptLine = (
  rule: RefundRule,
  { line, fare, passenger }: { line: BookingLine; fare: number; passenger: number | null },
): NewLine => {
  const part = share(fare, rule.retention_basis_points, line.currency as Currency)
  return {
    kind: 'penalty',
    code: rule.code,
    passenger,
    flight_id: line.flight_id,
    quantity: 1,
    amount: Math.min(part, rule.retention_max_amount ?? part),
    currency: line.currency,
    refundable: false,
    rule_id: rule.id,
    rule_version: rule.version,
    name_es: rule.name_es,
    name_en: rule.name_en,
    reverses_line_id: null,
  }
}
