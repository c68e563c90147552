import { sql } from '../kernel/sql.ts'
import type { Fault, Subjects } from './fault.ts'
import { mend } from './store.ts'

/**
 * The definition is kept beside the switch, so that whoever comes after a process that was killed can
 * make the index again.
 */
export const missingIndex = ({ own: db }: Subjects): Fault => ({
  to: 'shared',
  begin: async () => {
    await db.rows(sql('faults.drop_index')`
      do $$
      begin
        update operations.faults
           set undo = pg_get_indexdef(to_regclass('seats.units_held'))
         where name = 'missing-index' and to_regclass('seats.units_held') is not null;
        drop index if exists seats.units_held;
      end $$`)
    return () => mend({ db })
  },
})
