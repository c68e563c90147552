import type { Database } from '../../../kernel/database.ts'
import type { Role } from '../../../kernel/principal.ts'
import { sql } from '../../../kernel/sql.ts'
import type { StoredAccount } from '../queries/find-account.ts'

type Needs = { db: Database }

/** `actor` is who did it, for the audit: see actorOf. */
export type ChangeRole = { account_id: string; role: Role; actor: string }

/** Undefined when there is no such account. Its sessions end: what they were opened for has changed. */
export const changeRole = ({ db }: Needs, { account_id, role, actor }: ChangeRole) =>
  db.transaction(async (tx): Promise<StoredAccount | undefined> => {
    const account = await tx.maybeRow<StoredAccount>(sql('identity.account_lock')`
      select id, email, name, role
        from identity.users
       where id = ${account_id}
         for no key update`)
    if (!account || account.role === role) return account

    await tx.rows(sql('identity.role_change')`
      update identity.users
         set role = ${role}, updated_at = now()
       where id = ${account_id}`)
    await tx.rows(sql('identity.role_note')`
      insert into identity.role_changes (account_id, actor, from_role, to_role)
      values (${account_id}, ${actor}, ${account.role}, ${role})`)
    await tx.rows(sql('identity.sessions_end')`
      delete from identity.sessions
       where user_id = ${account_id}`)
    return { ...account, role }
  })
