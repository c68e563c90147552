import { z } from '@hono/zod-openapi'
import type { Config } from '../../config.ts'
import { router } from '../../kernel/api.ts'
import type { Database } from '../../kernel/database.ts'
import { accountOf, actorOf } from '../../kernel/principal.ts'
import { Problem } from '../../kernel/problems.ts'
import type { Auth } from './auth.ts'
import { emailUnavailable } from './auth-refusals.ts'
import { changeRole } from './commands/change-role.ts'
import * as define from './definitions.ts'
import { createForward } from './forward.ts'
import type { Forwarded } from './forward.ts'
import { findAccountByEmail } from './queries/find-account.ts'
import { AccountSchema } from './schemas.ts'
import { createTurns } from './turns.ts'

export type Needs = {
  db: Database
  auth: Pick<Auth, 'handler'>
  config: Pick<Config, 'PUBLIC_URL' | 'CLIENT_ADDRESS_HEADER'>
}

/** What is not named here does not reach better-auth. */
export const identityRoutes = (needs: Needs) =>
  router().route('/', authRoutes(needs)).route('/', accountRoutes(needs))

const authRoutes = (needs: Needs) => {
  const forward = createForward(needs)
  // Forty hashes a second on two cores: the last in line waits some two seconds.
  const inTurn = createTurns({ width: 2, waitingMax: 80 })

  // Two who register one address at once: the loser's insert fails, and better-auth does not say why.
  const rejectTaken = (email: string) => async (error: unknown) => {
    const isUnclear = error instanceof Problem && error.slug === 'dependency-unavailable'
    throw isUnclear && (await findAccountByEmail(needs, email)) ? emailUnavailable() : error
  }

  return router()
    .openapi(define.signUp, async (c) => {
      const to = c.req.valid('json')
      const done = await inTurn(() => forward(c, '/sign-up/email', to)).catch(rejectTaken(to.email))
      return c.json(signedIn(done), 201, tokenHeader(done))
    })
    .openapi(define.signIn, async (c) => {
      const as = c.req.valid('json')
      const done = await inTurn(() => forward(c, '/sign-in/email', as))
      return c.json(signedIn(done), 200, tokenHeader(done))
    })
    .openapi(define.signOut, async (c) => {
      await forward(c, '/sign-out', {})
      return c.body(null, 204)
    })
    .openapi(define.getSession, async (c) => {
      const { answer } = await forward(c, '/get-session')
      return c.json({ account: answer ? userOf(answer) : null }, 200)
    })
    .openapi(define.requestPasswordReset, async (c) => {
      await forward(c, '/request-password-reset', c.req.valid('json'))
      return c.body(null, 202)
    })
    .openapi(define.resetPassword, async (c) => {
      const { token, new_password: newPassword } = c.req.valid('json')
      await inTurn(() => forward(c, '/reset-password', { token, newPassword }))
      return c.body(null, 204)
    })
    .openapi(define.changePassword, async (c) => {
      const { current_password: currentPassword, new_password: newPassword } = c.req.valid('json')
      const change = { currentPassword, newPassword, revokeOtherSessions: true }
      const done = await inTurn(() => forward(c, '/change-password', change))
      return c.json(signedIn(done), 200, tokenHeader(done))
    })
    .openapi(define.revokeSessions, async (c) => {
      await forward(c, '/revoke-sessions', {})
      return c.body(null, 204)
    })
    .openapi(define.updateUser, async (c) => {
      const { name } = c.req.valid('json')
      const { id, email, role } = accountOf(c.var.principal)
      await forward(c, '/update-user', { name })
      return c.json({ account: { id, email, name, role } }, 200)
    })
}

const accountRoutes = (needs: Needs) =>
  router()
    .openapi(define.listAccounts, async (c) => {
      const found = await findAccountByEmail(needs, c.req.valid('query').email)
      return c.json({ accounts: found ? [found] : [] }, 200)
    })
    .openapi(define.putRole, async (c) => {
      const { id } = c.req.valid('param')
      const admin = accountOf(c.var.principal)
      // So there is always an admin left, and a slip of one's own cannot lock everybody out.
      if (id === admin.id) throw new Problem('forbidden', 'Nobody changes their own role.')
      const { role } = c.req.valid('json')
      const account = await changeRole(needs, { account_id: id, role, actor: actorOf(admin) })
      if (!account) throw new Problem('not-found', 'There is no such account.')
      return c.json({ account }, 200)
    })

const userOf = (answer: unknown) => WithUserSchema.parse(answer).user

const WithUserSchema = z.object({ user: AccountSchema })

const signedIn = ({ answer, token }: Forwarded) => {
  if (token === null) throw new Error('better-auth began no session')
  return { account: userOf(answer), token }
}

// Only where a session begins: elsewhere it would hand a page the token that its cookie keeps from it.
const tokenHeader = ({ token }: Forwarded) => ({ 'set-auth-token': token ?? '' })
