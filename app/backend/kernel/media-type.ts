import { createMiddleware } from 'hono/factory'
import { Problem } from './problems.ts'

/**
 * A body that is not JSON is refused by name, rather than read as if there were none. Only in lower case
 * is it read as JSON further on.
 */
export const requireJson = createMiddleware(async function requireJson(c, next) {
  const length = Number(c.req.header('content-length') ?? 0)
  const hasBody = length > 0 || c.req.header('transfer-encoding') !== undefined
  const type = c.req.header('content-type') ?? ''
  if (hasBody && !/^application\/([a-z0-9.+-]+\+)?json(\s*;|$)/.test(type))
    throw new Problem('unsupported-media-type')
  await next()
})
