import type { Database } from '../../../kernel/database.ts'
import type { Role } from '../../../kernel/principal.ts'
import { sql } from '../../../kernel/sql.ts'
import { hashPassword } from '../password.ts'
import { findAccountByEmail } from '../queries/find-account.ts'

type Needs = { db: Database }

export type CreateAccount = { email: string; password: string; name: string; role: Role }

/**
 * For seeds: an account that can sign in, of any role. One that is there already stays as it is, its
 * password and role too.
 */
export const createAccount = async (
  { db }: Needs,
  { email, password, name, role }: CreateAccount,
): Promise<{ id: string }> => {
  const known = await findAccountByEmail({ db }, email)
  if (known) return { id: known.id }
  // Before the transaction: a hash takes its time, and a connection is dear.
  const hash = await hashPassword(password)
  return db.transaction(async (tx) => {
    const created = await tx.maybeRow<{ id: string }>(sql('identity.account_create')`
      insert into identity.users (email, name, role)
      values (${email.toLowerCase()}, ${name}, ${role})
          on conflict (email) do nothing
   returning id`)
    if (!created)
      return tx.oneRow<{ id: string }>(sql('identity.account_known')`
      select id from identity.users where email = ${email.toLowerCase()}`)

    // As better-auth writes a password: the account of the provider 'credential' bears the user's id.
    await tx.rows(sql('identity.password_create')`
      insert into identity.accounts (user_id, provider_id, account_id, password)
      values (${created.id}, 'credential', ${created.id}::text, ${hash})`)
    return created
  })
}
