import type { Database } from '../kernel/database.ts'
import { roles } from '../kernel/principal.ts'
import { sql } from '../kernel/sql.ts'
import { createAccount } from '../slices/identity/commands/create-account.ts'
import { verifyPassword } from '../slices/identity/password.ts'
import { withDatabase } from './database.ts'
import type { Secrets } from './secrets.ts'

export type DemoAccount = { email: string; password: string }

const names = {
  passenger: 'Ada Reyes',
  operator: 'Omar Niño',
  manager: 'Marta Gil',
  admin: 'Ana Paz',
}

/** One account a role, with the passwords of this installation. Safe to repeat. */
export const createDemoAccounts = (databaseUrl: string, passwords: Secrets['passwords']) =>
  withDatabase(databaseUrl, (db) => {
    const create = async (role: (typeof roles)[number]): Promise<DemoAccount> => {
      const email = `${role}@aeroflash.example`
      const password = passwords[role]
      const { id } = await createAccount({ db }, { email, password, name: names[role], role })
      const isOurs = await opens(db, id, password)
      return { email, password: isOurs ? password : '(its password was set elsewhere)' }
    }
    return Promise.all(roles.map(create))
  })

// The account may be older than this installation's secrets, or its owner may have changed it.
const opens = async (db: Database, id: string, password: string) => {
  const stored = await db.maybeRow<{ hash: string }>(sql('local.password')`
    select password as hash
      from identity.accounts
     where user_id = ${id}
       and provider_id = 'credential'`)
  return stored !== undefined && verifyPassword({ hash: stored.hash, password })
}
