import type { MiddlewareHandler } from 'hono'
import type { ApiEnv } from './api.ts'
import { Problem } from './problems.ts'

export const roles = ['passenger', 'operator', 'manager', 'admin'] as const
export type Role = (typeof roles)[number]

export type Account = { kind: 'account'; id: string; email: string; role: Role }

/** Who asks: nobody we know, a guest whose token opens one booking, or an account. */
export type Principal = { kind: 'anonymous' } | { kind: 'guest'; booking_id: string } | Account

type Access = { middleware: MiddlewareHandler<ApiEnv>; security: Record<string, string[]>[] }

const security = [{ cookie: [] }, { bearer: [] }]

const allowing = (may: (principal: Principal) => boolean): Access => ({
  security,
  middleware: async (c, next) => {
    if (c.var.principal.kind === 'anonymous') throw new Problem('unauthenticated')
    if (!may(c.var.principal)) throw new Problem('forbidden')
    await next()
  },
})

/** For a route's definition: an account, or a guest with a booking's token; the query says whose. */
export const identified = allowing(() => true)

/** For a route's definition: any account. */
export const withAccount = allowing(({ kind }) => kind === 'account')

/** For a route's definition: accounts of these roles; an admin may do what any role may. */
export const only = (...allowed: Role[]) =>
  allowing((who) => who.kind === 'account' && [...allowed, 'admin'].includes(who.role))

/** Staff act on every booking; what they do is in the booking's history under their name. */
export const isStaff = (who: Principal) => who.kind === 'account' && who.role !== 'passenger'

/** Names the actor in histories and audits. */
export const actorOf = (who: Principal) =>
  who.kind === 'account' ? `${who.role}:${who.id}` : who.kind

/** The signed-in account of a route that is `withAccount` or `only`. */
export const accountOf = (who: Principal): Account => {
  if (who.kind !== 'account') throw new Problem('unauthenticated')
  return who
}
