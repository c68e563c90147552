import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'

type Needs = { db: Database; clock: () => Date }

const RATE_LIMIT_MS = 3_600_000

/** Housekeeping, now and then: nothing that is deleted here was still good for anything. */
export const forgetExpired = async ({ db, clock }: Needs) => {
  const now = clock()
  await db.rows(sql('identity.sessions_expire')`
    delete from identity.sessions where expires_at <= ${now}`)
  await db.rows(sql('identity.verifications_expire')`
    delete from identity.verifications where expires_at <= ${now}`)
  await db.rows(sql('identity.rate_limits_expire')`
    delete from identity.rate_limits where last_request < ${now.getTime() - RATE_LIMIT_MS}`)
}
