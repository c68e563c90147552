import { openPool } from './kernel/connections.ts'
import { createDatabase } from './kernel/database.ts'
import { withSecretFiles } from './secret-files.ts'
import { roles } from './kernel/principal.ts'
import type { Role } from './kernel/principal.ts'
import { changeRole } from './slices/identity/commands/change-role.ts'
import { findAccountByEmail } from './slices/identity/queries/find-account.ts'

const usage = `DATABASE_URL=postgres://… node app/backend/grant-role.ts <email> <${roles.join('|')}>`

/** Makes the first admin, before there is one to ask: node app/backend/grant-role.ts <email> <role> */
const grantRole = async (connectionString: string, email: string, role: Role) => {
  const pool = openPool({ connectionString, maxConnections: 1, applicationName: 'grant-role' })
  try {
    const db = createDatabase(pool)
    const account = await findAccountByEmail({ db }, email)
    if (!account) throw new Error(`No account has the e-mail ${email}: let them register first.`)
    await changeRole({ db }, { account_id: account.id, role, actor: 'script:grant-role' })
    return `${account.email}: ${account.role} → ${role}\n`
  } finally {
    await pool.end()
  }
}

const isRole = (text: string): text is Role => (roles as readonly string[]).includes(text)

const run = () => {
  const [email, role] = process.argv.slice(2)
  const { DATABASE_URL } = withSecretFiles(process.env, ['DATABASE_URL'])
  if (!email || !role || !DATABASE_URL) throw new Error(`Usage: ${usage}`)
  if (!isRole(role)) throw new Error(`${role} is not a role. Roles are ${roles.join(', ')}.`)
  return grantRole(DATABASE_URL, email, role)
}

try {
  process.stdout.write(await run())
} catch (error) {
  const { message, cause } = error as Error
  process.stderr.write(`${cause instanceof Error ? `${message} ${cause.message}` : message}\n`)
  process.exitCode = 1
}
