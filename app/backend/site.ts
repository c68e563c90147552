import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import type { ApiEnv } from './kernel/api.ts'

/**
 * The built site on the API's own origin, for `npm start`. In the stack Nginx serves it, with the
 * headers and caches that a public site needs.
 */
export const siteRoutes = (root: string) =>
  new Hono<ApiEnv>()
    .use('/assets/*', async (c, next) => {
      await next()
      if (c.res.status === 200) c.header('Cache-Control', 'public, max-age=31536000, immutable')
    })
    .get('/assets/*', serveStatic({ root }))
    // What is no file the site's own router answers. Nothing here is asked for what is the API's: a request is told of
    // under the last route that takes it (kernel/request-log.ts).
    .get(
      '/:page{(?!api/|assets/).*}',
      serveStatic({ root }),
      serveStatic({ root, path: 'index.html' }),
    )
