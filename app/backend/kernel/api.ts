import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { HttpBindings } from '@hono/node-server'
import type { ZodError } from 'zod'
import { currencies } from './money.ts'
import type { Principal } from './principal.ts'
import { Problem, problemTypes } from './problems.ts'
import type { ProblemSlug } from './problems.ts'

export type ApiEnv = {
  Bindings: HttpBindings
  Variables: {
    principal: Principal
    request_id: string
    /** The answer goes on for as long as somebody listens. */
    is_stream?: true
  }
}

/** A slice's router: schemas are checked before the handler, and what fails says where. */
export const router = () =>
  new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw refusalOf(result.target, result.error)
    },
  })

const refusalOf = (target: string, error: ZodError) => {
  const prefix = target === 'json' ? '' : target
  const errors = error.issues.flatMap((issue) => {
    const paths =
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => [...issue.path, key])
        : [issue.path]
    return paths.map((path) => ({
      pointer: prefix + path.map(pointed).join(''),
      code: issue.code,
      detail: issue.message,
    }))
  })
  const places = [...new Set(errors.map(({ pointer }) => pointer || 'the whole body'))]
  return new Problem('validation-failed', `Look at ${places.join(', ')}.`, { members: { errors } })
}

// RFC 6901: a slash within a name must not read as a step into it.
const pointed = (step: PropertyKey) =>
  `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`

/** A JSON body; unknown fields are refused when the schema is a strictObject. */
export const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { 'application/json': { schema } },
})

export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

export const withBody = [
  'malformed-request',
  'payload-too-large',
  'unsupported-media-type',
  'validation-failed',
] as const

export const withKey = [
  'malformed-request',
  'idempotency-key-missing',
  'idempotency-key-reused',
  'request-in-progress',
] as const

// A token that is no good is refused wherever it is shown, and so is another site's form, and a body
// that is too large or no JSON, wanted or not.
const anyRoute = [
  'unauthenticated',
  'forbidden',
  'payload-too-large',
  'unsupported-media-type',
  'internal',
  'dependency-unavailable',
] as const

const ProblemSchema = z
  .looseObject({
    type: z.string().openapi({ example: '/problems/seat-unavailable' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    request_id: z.string(),
    errors: z
      .array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() }))
      .optional(),
  })
  .openapi('Problem')

/**
 * The refusals of a route, for its definition. The type is empty on purpose: handlers throw problems
 * and never return them.
 */
// oxlint-disable-next-line typescript/no-empty-object-type
export const refusals = (...slugs: ProblemSlug[]): {} => {
  const all = [...new Set([...slugs, ...anyRoute])]
  const byStatus = Map.groupBy(all, (slug) => problemTypes[slug].status)
  return Object.fromEntries(
    [...byStatus].map(([status, types]) => [
      status,
      {
        description: types.map((slug) => `${slug}: ${problemTypes[slug].title}`).join('\n'),
        content: { 'application/problem+json': { schema: ProblemSchema } },
        'x-problem-types': types.map((slug) => `/problems/${slug}`),
      },
    ]),
  )
}

/** A header without which there is a problem of its own: the schema lets it pass, the document does not. */
export const header = (about: { description?: string; example?: string } = {}) =>
  z
    .string()
    .optional()
    .openapi({ ...about, param: { required: true } })

export const MoneySchema = z
  .object({
    amount: z.int().openapi({ description: 'In minor units', example: 88_225_000 }),
    currency: z.enum(Object.keys(currencies) as [keyof typeof currencies]),
  })
  .openapi('Money')

/** Above so many milliseconds an answer of this route is slow; next to its definition, and in the document. */
export const target = (milliseconds: number) => ({ 'x-latency-target-ms': milliseconds })

export const timestamp = () => z.iso.datetime().openapi({ example: '2026-12-01T11:15:00.000Z' })

// PostgreSQL's calendar has no year 0, and 30 February rolls over to another day.
const isRealDay = (day: string) =>
  day >= '0001' &&
  !Number.isNaN(Date.parse(day)) &&
  new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)

/** A calendar day that exists, as YYYY-MM-DD. */
export const day = () =>
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'A date as YYYY-MM-DD.', abort: true })
    .refine(isRealDay, 'No such day.')
    .openapi({ format: 'date', example: '2026-12-01' })

export const idParam = z.object({ id: z.uuid() })
