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
    .get('*', serveStatic({ root }))
    // The site's own router answers every other page; a missing asset stays missing.
    .get('/:page{(?!api/|assets/).*}', serveStatic({ root, path: 'index.html' }))
