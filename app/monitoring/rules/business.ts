import { alert } from './rule-file.ts'
import type { RuleFile } from './rule-file.ts'

export const businessRules: RuleFile = {
  name: 'business',
  groups: [
    {
      name: 'business',
      rules: [
        alert({
          name: 'SeatsOversold',
          severity: 'page',
          expr: 'max(aeroflash_seats_oversold) > 0',
          summary:
            '{{ $value }} seats are sold to two passengers: stop selling, then find out how; this must be impossible',
          dashboard: 'business',
        }),
        alert({
          name: 'PaymentsStuck',
          severity: 'page',
          expr: 'max(aeroflash_payments_stuck) > 0',
          for: '5m',
          summary:
            '{{ $value }} payments have been "processing" for over 15 minutes: their passengers do not know whether they fly',
          dashboard: 'business',
        }),
        alert({
          name: 'PartnerFailing',
          severity: 'page',
          expr: 'sum by (peer) (rate(external_request_duration_seconds_count{job=~"api|worker",outcome=~"timeout|error|failed|5.."}[5m])) / (sum by (peer) (rate(external_request_duration_seconds_count{job=~"api|worker"}[5m])) > 0.02) > 0.2',
          for: '5m',
          summary:
            'The partner {{ $labels.peer }} fails {{ $value | humanizePercentage }} of our calls; payments stay "processing" until it answers',
          dashboard: 'changed',
        }),
        alert({
          name: 'BookingsStopped',
          severity: 'page',
          expr: 'sum(increase(aeroflash_bookings_bookings_total{outcome="placed"}[30m])) < 1 and sum(increase(aeroflash_bookings_bookings_total{outcome="placed"}[30m] offset 1d)) > 10 and sum(increase(aeroflash_flights_searches_total[30m])) > 50',
          for: '5m',
          summary:
            'People search but nobody has booked for 30 minutes, at an hour when yesterday they did: something on the way to a booking is broken',
          dashboard: 'business',
        }),
      ],
    },
  ],
}
