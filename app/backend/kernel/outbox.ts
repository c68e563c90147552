import type { Database } from './database.ts'
import { sql } from './sql.ts'

/**
 * Something that happened. Events of one `ordering_key` are delivered in the order in which their
 * transactions committed; events of different keys have no order.
 */
export type Event<Type extends string = string, Data extends object = object> = {
  type: Type
  ordering_key: string
  data: Data
}

/** Writes the event in the caller's transaction: it happened if, and only if, that commits. */
export const record = async (tx: Database, { type, ordering_key, data }: Event): Promise<void> => {
  await tx.oneRow(sql('outbox.publish')`
    select outbox.publish(${ordering_key}, ${type}, ${JSON.stringify(data)}::jsonb) as event_id`)
}
