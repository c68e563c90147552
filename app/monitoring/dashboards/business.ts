import { dashboard } from './house.ts'
import { bars, figure, graph } from './panels.ts'
import { inAll, orZero } from './select.ts'

const rate = (metric: string, by: string) =>
  `sum by (${by}) (rate(aeroflash_${metric}[$__rate_interval]))`
const all = (metric: string, labels = '') => orZero(inAll(`aeroflash_${metric}`, labels))

const now = [
  figure({
    title: 'Seats oversold',
    why: 'Seats with two passengers, recounted every 15 s. Must be 0.',
    base: 'green',
    steps: [[1, 'red']],
    queries: [{ expr: 'max(aeroflash_seats_oversold)', legend: 'oversold' }],
  }),
  figure({
    title: 'Bookings confirmed',
    why: 'Paid and certain, in the time that is looked at.',
    queries: [{ expr: all('bookings_confirmations_total'), legend: 'confirmed' }],
  }),
  figure({
    title: 'Captured',
    why: 'Money that came in, in the time that is looked at.',
    width: 5,
    queries: [
      {
        expr: 'sum by (currency) (increase(aeroflash_payments_captured_cents_total[$__range])) / 100',
        legend: '{{currency}}',
      },
    ],
  }),
  figure({
    title: 'Refunded',
    why: 'Money that went back. Close to what came in: something is cancelled by many.',
    width: 5,
    queries: [
      {
        expr: 'sum by (currency) (increase(aeroflash_payments_refunded_cents_total[$__range])) / 100',
        legend: '{{currency}}',
      },
    ],
  }),
  figure({
    title: 'Payments stuck',
    why: '"Processing" for over 15 minutes: their passengers do not know whether they fly.',
    width: 3,
    base: 'green',
    steps: [[1, 'red']],
    queries: [{ expr: 'max(aeroflash_payments_stuck)', legend: 'stuck' }],
  }),
  figure({
    title: 'Seats sold',
    why: 'Of all seats on sale.',
    unit: 'percentunit',
    width: 3,
    queries: [
      { expr: 'max(aeroflash_seats_sold) / max(aeroflash_seats_capacity)', legend: 'sold' },
    ],
  }),
]

const way = [
  bars({
    title: 'The way to a booking',
    why: 'How many got how far, in the time that is looked at. Where it narrows more than usual, something is in the way.',
    unit: 'short',
    width: 8,
    base: 'blue',
    queries: [
      { expr: all('flights_searches_total'), legend: '1 searched' },
      { expr: all('offers_quotes_total'), legend: '2 asked a price' },
      { expr: all('bookings_bookings_total', 'outcome="placed"'), legend: '3 booked' },
      { expr: all('bookings_confirmations_total'), legend: '4 paid' },
    ],
  }),
  graph({
    title: 'Conversion',
    why: 'Confirmed bookings for each hundred searches that found something, and for each hundred bookings that were placed.',
    unit: 'percentunit',
    width: 8,
    queries: [
      {
        expr: `sum(rate(aeroflash_bookings_confirmations_total[30m])) / (sum(rate(aeroflash_flights_searches_total{outcome="found"}[30m])) > 0)`,
        legend: 'of searches',
      },
      {
        expr: `sum(rate(aeroflash_bookings_confirmations_total[30m])) / (sum(rate(aeroflash_bookings_bookings_total{outcome="placed"}[30m])) > 0)`,
        legend: 'of bookings',
      },
    ],
  }),
  graph({
    title: 'Searches',
    why: 'What people look for, and whether we fly there. Many empty ones: a route worth opening, or a schedule that was not published.',
    unit: 'cps',
    width: 8,
    stacked: 'amounts',
    queries: [{ expr: rate('flights_searches_total', 'outcome'), legend: '{{outcome}}' }],
  }),
  graph({
    title: 'Holds',
    why: 'Seats kept while somebody decides; unavailable ones were taken a moment before. Expired ones came back.',
    unit: 'cps',
    width: 8,
    queries: [
      { expr: rate('seats_holds_total', 'outcome'), legend: '{{outcome}}' },
      {
        expr: `sum(rate(aeroflash_seats_hold_expiries_total[$__rate_interval]))`,
        legend: 'expired',
      },
    ],
  }),
  graph({
    title: 'Bookings',
    why: 'Placed, refused because it was sold out, refused for another reason; and what became of them.',
    unit: 'cps',
    width: 8,
    queries: [
      { expr: rate('bookings_bookings_total', 'outcome'), legend: '{{outcome}}' },
      ...['confirmations', 'cancellations', 'expiries', 'changes'].map((what) => ({
        expr: `sum(rate(aeroflash_bookings_${what}_total[$__rate_interval]))`,
        legend: what,
      })),
    ],
  }),
  graph({
    title: 'Payments',
    why: 'By outcome. Declined is the bank’s answer; failed and processing are ours or the channel’s.',
    unit: 'cps',
    width: 8,
    stacked: 'amounts',
    queries: [{ expr: rate('payments_payments_total', 'outcome'), legend: '{{outcome}}' }],
  }),
]

const sold = [
  graph({
    title: 'Seats sold against capacity',
    why: 'Of all future flights. Sold can never be above capacity.',
    width: 12,
    dashed: 'capacity',
    queries: [
      { expr: 'max(aeroflash_seats_sold)', legend: 'sold' },
      { expr: 'max(aeroflash_seats_capacity)', legend: 'capacity' },
    ],
  }),
  graph({
    title: 'Money in and back',
    why: 'By currency, an hour.',
    width: 12,
    queries: [
      {
        expr: 'sum by (currency) (rate(aeroflash_payments_captured_cents_total[$__rate_interval])) * 36',
        legend: 'captured {{currency}}/h',
      },
      {
        expr: 'sum by (currency) (rate(aeroflash_payments_refunded_cents_total[$__rate_interval])) * 36',
        legend: 'refunded {{currency}}/h',
      },
    ],
  }),
]

export const business = dashboard({
  name: 'business',
  title: 'Business',
  question: 'Do people find, book, pay and fly?',
  from: 'now-24h',
  rows: [
    { title: 'How is the day?', panels: now },
    { title: 'From search to seat', panels: way },
    { title: 'What is sold', panels: sold },
  ],
})
