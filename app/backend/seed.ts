import { openPool } from './kernel/connections.ts'
import { createDatabase } from './kernel/database.ts'
import type { Database } from './kernel/database.ts'
import { sql } from './kernel/sql.ts'
import { importNetwork } from './slices/flights/commands/import-network.ts'
import { publishSchedule } from './slices/flights/commands/publish-schedule.ts'
import { importLayouts, openInventory } from './slices/seats/commands/open-inventory.ts'
import type { Layout } from './slices/seats/layout.ts'
import aircraft from './data/aircraft.json' with { type: 'json' }
import airports from './data/airports.json' with { type: 'json' }
import network from './data/network.json' with { type: 'json' }
import rules from './data/rules.json' with { type: 'json' }

/**
 * Brings a migrated database to what the product starts with: network, aircraft, rules, and flights
 * for `days` days. Repeatable: what people have changed since, it leaves alone.
 */
export const seed = async (connectionString: string, { days }: { days: number }): Promise<void> => {
  const pool = openPool({ connectionString, maxConnections: 1, applicationName: 'aeroflash-seed' })
  const db = createDatabase(pool)
  try {
    await db.transaction(async (tx) => {
      await tx.rows(sql('seed.patience')`set local statement_timeout = '120s'`)
      await importNetwork({ db: tx }, { airports, aircraft, routes: network })
      await importLayouts({ db: tx }, aircraft as Layout[])
      await seedRules(tx)
      await publishSchedule({ db: tx, clock: () => new Date(), openInventory }, { days })
    })
    await db.rows(sql('seed.analyse')`analyze`)
  } finally {
    await pool.end()
  }
}

const seedRules = async (tx: Database) => {
  await tx.rows(sql('seed.destination_taxes')`
    insert into offers.destination_taxes
           (code, name_es, name_en, jurisdiction, trigger, amount, min_age, exempt_residents,
            market, valid_from, source)
    select code, name_es, name_en, jurisdiction, trigger, amount, min_age, exempt_residents,
           market, valid_from, source
      from jsonb_populate_recordset(null::offers.destination_taxes, ${JSON.stringify(rules.destination_taxes)})
        on conflict (code) do nothing`)
  await tx.rows(sql('seed.promotions')`
    insert into offers.promotions (code, name_es, name_en, basis_points, valid_from, valid_to, is_public)
    select code, name_es, name_en, basis_points, valid_from, valid_to, is_public
      from jsonb_populate_recordset(null::offers.promotions, ${JSON.stringify(rules.promotions)})
        on conflict (code) do nothing`)
  await tx.rows(sql('seed.refund_rules')`
    insert into bookings.refund_rules
           (code, applies_to, market, within_hours_of_purchase, min_hours_before_departure,
            retention_basis_points, retention_max_amount, name_es, name_en, source, valid_from)
    select code, applies_to, market, within_hours_of_purchase, min_hours_before_departure,
           retention_basis_points, retention_max_amount, name_es, name_en, source, valid_from
      from jsonb_populate_recordset(null::bookings.refund_rules, ${JSON.stringify(rules.refund_rules)})
        on conflict (code) do nothing`)
}
