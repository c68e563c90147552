import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { problem } from './problems.ts'

/** Lets a request pass only with `Authorization: Bearer <apiKey>`. */
export const requireKey = (apiKey: string): MiddlewareHandler => {
  const expected = digest(apiKey)

  return async (c, next) => {
    const given = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
    if (!timingSafeEqual(digest(given), expected))
      throw problem(401, 'unauthorized', 'The API key is missing or wrong.', {
        'www-authenticate': 'Bearer',
      })
    await next()
  }
}

/** The `{id}` of the path, which is a uuid of the caller's own making. */
export const readId = (c: Context): string => {
  const id = z.uuid().safeParse(c.req.param('id'))
  if (!id.success) throw problem(422, 'invalid-request', 'The id in the path must be a uuid.')
  return id.data.toLowerCase()
}

export const readBody = async <Schema extends z.ZodType>(c: Context, schema: Schema) => {
  const body = schema.safeParse(await readJson(c))
  if (!body.success) throw problem(422, 'invalid-request', z.prettifyError(body.error))
  return body.data
}

const readJson = async (c: Context): Promise<unknown> => {
  try {
    return await c.req.json()
  } catch {
    throw problem(400, 'invalid-json', 'The body is not JSON.')
  }
}

// Digests have one length, so the comparison tells nothing about the key, not even how long it is.
const digest = (text: string) => createHash('sha256').update(text).digest()
