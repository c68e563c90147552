import type { Database } from '../../kernel/database.ts'
import { sql } from '../../kernel/sql.ts'
import { withDatabase } from '../../local/database.ts'
import { importNetwork } from '../../slices/flights/commands/import-network.ts'
import { publishSchedule } from '../../slices/flights/commands/publish-schedule.ts'
import { importLayouts, openInventory } from '../../slices/seats/commands/open-inventory.ts'
import type { Layout } from '../../slices/seats/layout.ts'
import aircraft from '../../data/aircraft.json' with { type: 'json' }
import airports from '../../data/airports.json' with { type: 'json' }
import network from '../../data/network.json' with { type: 'json' }

/** Of the real network, so many that all of them fly every day: a day is a hundredth of a hundred days. */
const FLIGHTS_A_DAY = 40
const FIRST_DAY_MS = 3 * 86_400_000

/** Puts `days` days of flights on sale, with every seat, beginning in some days. */
export const fillDays = (days: number) => (databaseUrl: string) =>
  withDatabase(databaseUrl, async (db) => {
    const routes = network
      .slice(0, FLIGHTS_A_DAY)
      .map((route) => ({ ...route, weekdays: '1234567' }))
    const clock = () => new Date(Date.now() + FIRST_DAY_MS)
    await db.transaction(async (tx) => {
      await tx.rows(sql('bench.patience')`set local statement_timeout = '120s'`)
      await importNetwork({ db: tx }, { airports, aircraft, routes })
      await importLayouts({ db: tx }, aircraft as Layout[])
      await publishSchedule({ db: tx, clock, openInventory }, { days })
      await tx.rows(sql('bench.promotion')`
        insert into offers.promotions (code, name_es, name_en, valid_from, valid_to, is_public)
        values ('BENCH10', 'Promoción', 'Promotion', now() - interval '1 day', now() + interval '1 day', true)`)
    })
    await db.rows(sql('bench.vacuum')`vacuum (analyze)`)
  })

export type Route = { origin: string; destination: string; departure_date: string }

/** Everything that can be searched for, or whose seats can be looked at. */
export const listTargets = async (db: Database) => {
  const searches = await db.rows<Route>(sql('bench.searches')`
    select distinct origin, destination, departure_date from flights.flights`)
  const flights = await db.rows<{ id: string }>(sql('bench.flights')`
    select id from flights.flights`)
  return { searches, maps: flights.map(({ id }) => `/api/flights/${id}/seats`) }
}

export const pathOf = (search: Route) => `/api/flights?${new URLSearchParams(search).toString()}`

export const oneOf = <Thing>(things: Thing[]): Thing =>
  things[Math.floor(Math.random() * things.length)]!
