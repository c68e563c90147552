import { getCookie } from 'hono/cookie'
import type { Context } from 'hono'
import type { ApiEnv } from '../../kernel/api.ts'
import { sessionCookieName } from './session-token.ts'

export type Credential = { from: 'cookie' | 'bearer'; token: string }

/** What a request shows of itself. A header is deliberate, so it goes before a cookie. */
export const credentialOf = (c: Context<ApiEnv>, publicUrl: string): Credential | undefined => {
  const header = c.req.header('authorization')
  if (header !== undefined)
    return { from: 'bearer', token: /^bearer +(\S+)$/i.exec(header)?.[1] ?? '' }
  const token = getCookie(c, sessionCookieName(publicUrl))
  return token ? { from: 'cookie', token } : undefined
}
