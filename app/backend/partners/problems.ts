import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** An answer the caller can act on, to be thrown; Hono sends it as `application/problem+json`. */
export const problem = (
  status: ContentfulStatusCode,
  type: string,
  detail: string,
  headers: Record<string, string> = {},
) => {
  const title = type.charAt(0).toUpperCase() + type.slice(1).replaceAll('-', ' ')
  const body = JSON.stringify({ type, title, status, detail })
  const res = new Response(body, {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  })
  return new HTTPException(status, { message: detail, res })
}
