import type { Context, MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { ApiEnv } from './api.ts'
import { Problem } from './problems.ts'

/**
 * A body that is not JSON is refused by name, rather than read as if there were none. Only in lower case
 * is it read as JSON further on.
 */
export const requireJson = createMiddleware(async function requireJson(c, next) {
  const hasBody = bringsBody(c) && c.req.header('content-length') !== '0'
  const type = c.req.header('content-type') ?? ''
  if (hasBody && !/^application\/([a-z0-9.+-]+\+)?json(\s*;|$)/.test(type))
    throw new Problem('unsupported-media-type')
  await next()
})

/**
 * Only where there is a body: to look for one in every request would make a web Request of each, which
 * a search has no use for.
 */
export const whereBody = (look: MiddlewareHandler<ApiEnv>) =>
  createMiddleware<ApiEnv>(async function whereBody(c, next) {
    if (bringsBody(c)) return look(c, next)
    await next()
  })

// RFC 9112, 6.3: a request has a body if, and only if, one of these is there.
const bringsBody = (c: Context) =>
  c.req.header('content-length') !== undefined || c.req.header('transfer-encoding') !== undefined
