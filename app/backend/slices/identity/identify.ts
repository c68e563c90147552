import { createMiddleware } from 'hono/factory'
import type { Context } from 'hono'
import type { Config } from '../../config.ts'
import type { ApiEnv } from '../../kernel/api.ts'
import type { Database } from '../../kernel/database.ts'
import type { Account, Principal } from '../../kernel/principal.ts'
import { Problem } from '../../kernel/problems.ts'
import { sql } from '../../kernel/sql.ts'
import { isBookingToken, readBookingToken } from './booking-token.ts'
import { credentialOf } from './credential.ts'
import { readSessionToken } from './session-token.ts'

type Needs = {
  db: Database
  clock: () => Date
  config: Pick<Config, 'AUTH_SECRET' | 'PUBLIC_URL'>
}

/**
 * Says who asks, on every request. Only a token with a good signature costs a look into the database,
 * and that look is never saved: a session that has been ended is ended everywhere at once.
 */
export const identify = ({ db, clock, config }: Needs) => {
  const { origin } = new URL(config.PUBLIC_URL)

  const accountOf = async (signed: string) => {
    const token = readSessionToken(config.AUTH_SECRET, signed)
    return token === undefined ? undefined : findAccount(db, token, clock())
  }

  const byBearer = async (token: string): Promise<Principal> => {
    const found = isBookingToken(token)
      ? guestOf(readBookingToken(config.AUTH_SECRET, token, clock()))
      : await accountOf(token)
    if (!found) throw new Problem('unauthenticated', 'This token is not valid or has expired.')
    return found
  }

  const byCookie = async (c: Context<ApiEnv>, signed: string): Promise<Principal> => {
    const account = await accountOf(signed)
    if (account) refuseForeignOrigin(c, origin)
    return account ?? { kind: 'anonymous' }
  }

  return createMiddleware<ApiEnv>(async function identify(c, next) {
    const credential = credentialOf(c, config.PUBLIC_URL)
    if (!credential) c.set('principal', { kind: 'anonymous' })
    else if (credential.from === 'cookie') c.set('principal', await byCookie(c, credential.token))
    else c.set('principal', await byBearer(credential.token))
    await next()
  })
}

const guestOf = (read: { booking_id: string } | undefined): Principal | undefined =>
  read && { kind: 'guest', ...read }

const findAccount = async (db: Database, token: string, now: Date) => {
  const found = await db.maybeRow<Omit<Account, 'kind'>>(sql('identity.session')`
    select users.id, users.email, users.role
      from identity.sessions
      join identity.users on users.id = sessions.user_id
     where sessions.token = ${token}
       and sessions.expires_at > ${now}`)
  return found && { kind: 'account' as const, ...found }
}

// A browser sends the cookie along with whatever another site makes it send; it also says which site.
const refuseForeignOrigin = (c: Context<ApiEnv>, ours: string) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return
  const origin = c.req.header('origin')
  const isForeign = origin !== undefined && origin !== ours
  if (isForeign || c.req.header('sec-fetch-site') === 'cross-site')
    throw new Problem('forbidden', 'Another site may not act in your name.')
}
