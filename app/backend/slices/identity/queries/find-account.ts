import type { Database } from '../../../kernel/database.ts'
import type { Role } from '../../../kernel/principal.ts'
import { sql } from '../../../kernel/sql.ts'

export type StoredAccount = { id: string; email: string; name: string; role: Role }

type Needs = { db: Database }

export const findAccountByEmail = ({ db }: Needs, email: string) =>
  db.maybeRow<StoredAccount>(sql('identity.account_by_email')`
    select id, email, name, role
      from identity.users
     where email = ${email.toLowerCase()}`)
