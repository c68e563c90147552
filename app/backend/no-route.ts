import type { OpenAPIHono } from '@hono/zod-openapi'
import type { NotFoundHandler } from 'hono'
import type { ApiEnv } from './kernel/api.ts'
import { Problem } from './kernel/problems.ts'

/** What no route answers: there is no such address, or not by this method, and then by which (RFC 9110, 15.5.6). */
export const answerNoRoute = (api: OpenAPIHono<ApiEnv>): NotFoundHandler<ApiEnv> => {
  const routes = api.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === 'route' ? [patternOf(definition.route)] : [],
  )
  return (c) => {
    const there = routes.filter(({ path }) => path.test(c.req.path))
    if (there.length === 0)
      throw new Problem('not-found', 'No such resource; /api/docs lists what there is.')
    const allowed = there.map(({ method }) => method).join(', ')
    c.header('Allow', allowed)
    throw new Problem('method-not-allowed', `${c.req.method} does nothing here; ask by ${allowed}.`)
  }
}

const patternOf = ({ method, path }: { method: string; path: string }) => ({
  method: method === 'get' ? 'GET, HEAD' : method.toUpperCase(),
  path: new RegExp(`^/api${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
})
