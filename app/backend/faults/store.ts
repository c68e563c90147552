import type { Database } from '../kernel/database.ts'
import { sql } from '../kernel/sql.ts'
import type { FaultName } from './catalogue.ts'

type Within = { db: Database }

/** Which are on, until when, and by whom. */
export const activeFaults = ({ db }: Within) =>
  db.rows<{ name: string; on_until: Date; switched_by: string }>(sql('faults.active')`
    select name, on_until, switched_by
      from operations.faults
     where on_until > clock_timestamp()`)

type Switched = { name: FaultName; minutes: number; by: string }

/** For so many minutes; none is off. */
export const switchFault = async ({ db }: Within, { name, minutes, by }: Switched) => {
  await db.rows(sql('faults.switch')`
    insert into operations.faults (name, on_until, switched_by)
    values (${name}, clock_timestamp() + ${minutes} * interval '1 minute', ${by})
        on conflict (name) do update
       set on_until = excluded.on_until, switched_by = excluded.switched_by`)
}

// Of processes with faults, each holds the first lock as one of many, and one of them the second.
const PRESENT = 7_305_001
const LEADING = 7_305_002

/**
 * Says that this process is there, for as long as its connection lives. The first to come finds no
 * fault switched on, however those before it ended.
 */
export const enter = async ({ db }: Within) => {
  const { alone } = await db.oneRow<{ alone: boolean }>(sql('faults.alone')`
    select pg_try_advisory_lock(${PRESENT}) as alone`)
  if (alone) await db.rows(sql('faults.forget')`update operations.faults set on_until = null`)
  await db.rows(sql('faults.present')`select pg_advisory_lock_shared(${PRESENT})`)
  if (alone) await db.rows(sql('faults.not_alone')`select pg_advisory_unlock(${PRESENT})`)
}

/** Whether this process is the one that does to the database what is done for all. */
export const lead = async ({ db }: Within) => {
  const { leads } = await db.oneRow<{ leads: boolean }>(sql('faults.lead')`
    select pg_try_advisory_lock(${LEADING}) as leads`)
  return leads
}

/** Gives back to the database what faults took, also those of a process that was killed. */
export const mend = async ({ db }: Within) => {
  await db.rows(sql('faults.mend')`
    do $$
    declare
      taken record;
    begin
      for taken in select name, undo from operations.faults where undo is not null for update loop
        execute taken.undo;
        update operations.faults set undo = null where name = taken.name;
      end loop;
    end $$`)
}
