import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'
import type { FlightStatus } from '../events.ts'

export type StatusEvent = {
  seq: number
  status: FlightStatus
  delay_minutes: number
  gate: string | null
  reason: string | null
  occurred_at: string
}

export type Status = {
  flight_id: string
  status: FlightStatus
  delay_minutes: number
  gate: string | null
  departs_at: Date
  arrives_at: Date
  expected_departs_at: Date
  expected_arrives_at: Date
  seq: number
  events: StatusEvent[]
}

export const findStatus = ({ db }: { db: Database }, id: string) =>
  db.maybeRow<Status>(sql('flights.find_status')`
    select f.id as flight_id, f.status, f.delay_minutes, f.gate, f.departs_at, f.arrives_at,
           f.departs_at + f.delay_minutes * interval '1 minute' as expected_departs_at,
           f.arrives_at + f.delay_minutes * interval '1 minute' as expected_arrives_at,
           f.status_seq as seq,
           coalesce((
             select jsonb_agg(jsonb_build_object(
                      'seq', e.seq, 'status', e.status, 'delay_minutes', e.delay_minutes,
                      'gate', e.gate, 'reason', e.reason,
                      'occurred_at', to_char(e.occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                    order by e.seq)
               from flights.status_events e where e.flight_id = f.id), '[]') as events
      from flights.flights f
     where f.id = ${id}`)
