import { sql } from './kernel/sql.ts'
import { createDemoAccounts } from './local/accounts.ts'
import { withDatabase } from './local/database.ts'
import { orExplain } from './process.ts'
import { withSecretFiles } from './secret-files.ts'
import { seed } from './seed.ts'

const DAYS_DEFAULT = 62

/** Fills a migrated database with what the product starts with. Repeatable, as `seed` is. */
const fill = async (url: string, days: number, demoPassword: string | undefined) => {
  await seed((await isTrusting(url)) ? unchecked(url) : url, { days })
  // One account a role, where a password for them is given; a real installation gives none.
  if (demoPassword) {
    const same = { passenger: demoPassword, operator: demoPassword }
    await createDemoAccounts(url, { ...same, manager: demoPassword, admin: demoPassword })
  }
}

// Checking the reference of each of 850,000 seats takes a third of the time, and in an empty database all of
// them are our own. Where the server does not let us leave it out (RDS), it is checked.
const isTrusting = (url: string) =>
  withDatabase(url, async (db) => {
    const { trusting } = await db.oneRow<{ trusting: boolean }>(sql('flights.may_trust_seed')`
      select not exists (select from flights.flights)
         and has_parameter_privilege('session_replication_role', 'set') as trusting`)
    return trusting
  })

const unchecked = (url: string) => {
  const address = new URL(url)
  address.searchParams.set('options', '-c session_replication_role=replica')
  return address.href
}

const { DATABASE_URL, DEMO_PASSWORD, SCHEDULE_DAYS } = orExplain(() =>
  withSecretFiles(process.env, ['DATABASE_URL', 'DEMO_PASSWORD']),
)
if (!DATABASE_URL)
  throw new Error('Set DATABASE_URL first: postgres://user:password@host:5432/name')
await fill(DATABASE_URL, Number(SCHEDULE_DAYS || DAYS_DEFAULT), DEMO_PASSWORD)
