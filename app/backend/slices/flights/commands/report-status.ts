import type { Database } from '../../../kernel/database.ts'
import { record } from '../../../kernel/outbox.ts'
import { Problem, invalid } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { FlightStatus, FlightStatusChanged } from '../events.ts'
import { follows } from '../status.ts'

export type StatusReport = {
  flight_id: string
  /** Who says so, with its own count: what it says twice, or says late, changes nothing. */
  source: string
  source_seq: number
  status: FlightStatus
  delay_minutes: number
  gate?: string | undefined
  reason?: string | undefined
  reported_by: string
}

/** Takes a report of a flight's status. Answers whether anything changed. */
export const reportStatus = ({ db }: { db: Database }, report: StatusReport) =>
  db.transaction(async (tx) => {
    const flight = await lock(tx, report)
    if (!flight) throw new Problem('not-found', 'There is no such flight.')
    if (report.source_seq <= flight.last_source_seq) return { changed: false }
    if (!follows(flight.status, report.status))
      throw invalid({
        pointer: '/status',
        code: 'impossible_transition',
        detail: `A flight that is ${flight.status} does not become ${report.status}.`,
      })
    await append(tx, report)
    await record(tx, changeOf(report))
    await tx.rows(sql('flights.notify_status')`
      select pg_notify('flight_status', ${report.flight_id}::text)`)
    return { changed: true }
  })

const lock = (tx: Database, { flight_id, source }: StatusReport) =>
  tx.maybeRow<{ status: FlightStatus; last_source_seq: number }>(sql('flights.lock_status')`
    select f.status,
           coalesce((select max(source_seq) from flights.status_events
                      where flight_id = f.id and source = ${source}), -1) as last_source_seq
      from flights.flights f
     where f.id = ${flight_id}
       for no key update`)

const append = (tx: Database, report: StatusReport) =>
  tx.oneRow(sql('flights.append_status')`
    with flight as (
      update flights.flights
         set status = ${report.status}, delay_minutes = ${report.delay_minutes},
             gate = coalesce(${report.gate ?? null}, gate), status_seq = status_seq + 1
       where id = ${report.flight_id}
   returning id, status_seq, gate)
    insert into flights.status_events
           (flight_id, seq, source, source_seq, status, delay_minutes, gate, reason, reported_by)
    select id, status_seq, ${report.source}, ${report.source_seq}, ${report.status},
           ${report.delay_minutes}, gate, ${report.reason ?? null}, ${report.reported_by}
      from flight
 returning seq`)

const changeOf = (report: StatusReport): FlightStatusChanged => ({
  type: 'flight.status_changed',
  ordering_key: `flight:${report.flight_id}`,
  data: {
    flight_id: report.flight_id,
    status: report.status,
    delay_minutes: report.delay_minutes,
    gate: report.gate ?? null,
  },
})
