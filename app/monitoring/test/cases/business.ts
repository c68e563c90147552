import { counter, gauge, api, page } from './case.ts'
import type { Case } from './case.ts'

export const businessCases: Case[] = [
  {
    alert: 'SeatsOversold',
    rules: ['business'],
    story: 'one seat has two passengers',
    series: { 'aeroflash_seats_oversold{job="worker"}': gauge([0, 10], [1, 10]) },
    silentAt: '9m',
    firingAt: '11m',
    labels: page,
    summary:
      '1 seats are sold to two passengers: stop selling, then find out how; this must be impossible',
  },
  {
    alert: 'PaymentsStuck',
    rules: ['business'],
    story: 'the channel says nothing of three payments',
    series: { 'aeroflash_payments_stuck{job="worker"}': gauge([0, 10], [3, 10]) },
    silentAt: '12m',
    firingAt: '17m',
    labels: page,
    summary:
      '3 payments have been "processing" for over 15 minutes: their passengers do not know whether they fly',
  },
  {
    alert: 'PartnerFailing',
    rules: ['business'],
    story: 'every other charge times out',
    series: {
      [`external_request_duration_seconds_count{${api},peer="payments.charge",outcome="ok"}`]:
        counter([60, 20], [30, 20]),
      [`external_request_duration_seconds_count{${api},peer="payments.charge",outcome="timeout"}`]:
        counter([0, 20], [30, 20]),
    },
    silentAt: '20m',
    firingAt: '38m',
    labels: { ...page, peer: 'payments.charge' },
    summary:
      'The partner payments.charge fails 50% of our calls; payments stay "processing" until it answers',
  },
  {
    alert: 'BookingsStopped',
    rules: ['business'],
    story: 'yesterday at this hour people booked, today they only search',
    interval: '5m',
    series: {
      'aeroflash_bookings_bookings_total{job="api",outcome="placed"}': counter([10, 310], [0, 50]),
      'aeroflash_flights_searches_total{job="api",outcome="found"}': counter([100, 360]),
    },
    silentAt: '25h',
    firingAt: '27h',
    labels: page,
    summary:
      'People search but nobody has booked for 30 minutes, at an hour when yesterday they did: something on the way to a booking is broken',
  },
]
