import type { Context } from 'hono'
import type { Config } from '../../config.ts'
import type { ApiEnv } from '../../kernel/api.ts'

/** Set by us alone on what we hand to better-auth, which knows addresses only by a header. */
export const CLIENT_ADDRESS = 'x-aeroflash-client-address'

/**
 * Who is at the other end: the socket's peer, or what our own proxy wrote in its header. Of a list, the
 * last entry is the proxy's; those before it are what the client said of itself.
 */
export const clientAddress = (
  c: Context<ApiEnv>,
  { CLIENT_ADDRESS_HEADER: header }: Pick<Config, 'CLIENT_ADDRESS_HEADER'>,
): string => {
  const fromProxy = header && c.req.header(header)?.split(',').at(-1)?.trim()
  return fromProxy || (c.env.incoming.socket.remoteAddress ?? '')
}
