import type { Response } from 'supertest'

type Operation = {
  responses: Record<string, { content?: Record<string, unknown>; 'x-problem-types'?: string[] }>
}
export type OpenApiDocument = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}

/** Fails when an answer is not one that the document promises for its route. */
export const checkContract = (document: OpenApiDocument, answer: Response) => {
  const {
    method,
    url,
    path = new URL(url).pathname,
  } = answer.request as unknown as {
    method: string
    url: string
    path?: string
  }
  const pathname = path.split('?')[0] ?? path
  // Both /bookings/{id} and /bookings/lookup fit a look-up; only one of them has its method.
  const template = Object.keys(document.paths)
    .filter((known) => matches(known, pathname))
    .find((known) => document.paths[known]?.[method.toLowerCase()])
  const operation = template && document.paths[template]?.[method.toLowerCase()]
  if (!operation) return
  const promised = operation.responses[String(answer.status)]
  const type = (answer.body as { type?: string } | undefined)?.type
  const shown = `${method} ${template} answered ${answer.status} ${type ?? ''}`
  if (!promised) throw new Error(`${shown}, which /api/openapi.json does not promise`)
  if (answer.status >= 400 && type && !promised['x-problem-types']?.includes(type))
    throw new Error(`${shown}, a problem that /api/openapi.json does not promise`)
}

const matches = (template: string, path: string) => {
  const parts = template.split('/')
  const given = path.split('/')
  return (
    parts.length === given.length &&
    parts.every((part, i) => part.startsWith('{') || part === given[i])
  )
}
