import type { Context } from 'hono'
import type { Config } from '../../config.ts'
import type { ApiEnv } from '../../kernel/api.ts'
import { asUnavailable } from '../../kernel/database.ts'
import type { Auth } from './auth.ts'
import { isBookingToken } from './booking-token.ts'
import { CLIENT_ADDRESS, clientAddress } from './client-address.ts'
import { credentialOf } from './credential.ts'
import { refusalOf } from './auth-refusals.ts'
import { sessionCookieName } from './session-token.ts'

type Needs = {
  auth: Pick<Auth, 'handler'>
  config: Pick<Config, 'PUBLIC_URL' | 'CLIENT_ADDRESS_HEADER'>
}

export type Forwarded = {
  /** better-auth's JSON. */
  answer: unknown
  /** The signed token of a new session, where one was begun. */
  token: string | null
}

/** Hands a checked request on to better-auth: a GET without a body, a POST with one. */
export const createForward =
  ({ auth, config }: Needs) =>
  async (c: Context<ApiEnv>, path: string, body?: object): Promise<Forwarded> => {
    const response = await auth
      .handler(
        new Request(new URL(`/api/auth${path}`, config.PUBLIC_URL), {
          method: body ? 'POST' : 'GET',
          headers: headersFor(c, config),
          ...(body && { body: JSON.stringify(body) }),
        }),
      )
      .catch(rejectOutage)
    if (!response.ok) throw await refusalOf(response)
    for (const cookie of response.headers.getSetCookie())
      c.header('Set-Cookie', cookie, { append: true })
    c.header('Cache-Control', 'no-store')
    return { answer: await response.json(), token: response.headers.get('set-auth-token') }
  }

/** Only what is named here passes; the client's own idea of its address is not. */
const headersFor = (c: Context<ApiEnv>, config: Needs['config']) => {
  const headers = new Headers({
    'content-type': 'application/json',
    // better-auth checks it; without one (no browser) there is nothing to check.
    origin: c.req.header('origin') ?? new URL(config.PUBLIC_URL).origin,
    'user-agent': (c.req.header('user-agent') ?? '').slice(0, 300),
    [CLIENT_ADDRESS]: clientAddress(c, config),
  })
  for (const name of ['sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest']) {
    const value = c.req.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  const credential = credentialOf(c, config.PUBLIC_URL)
  if (credential && !isBookingToken(credential.token))
    headers.set(
      'cookie',
      `${sessionCookieName(config.PUBLIC_URL)}=${encodeURIComponent(credential.token)}`,
    )
  return headers
}

// better-auth's statements do not run through kernel/database.ts, which would say this of an outage.
const rejectOutage = (error: unknown): never => {
  throw asUnavailable(error)
}
