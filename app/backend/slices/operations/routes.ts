import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  body,
  header,
  idParam,
  json,
  refusals,
  router,
  withBody,
  withKey,
} from '../../kernel/api.ts'
import type { ApiEnv } from '../../kernel/api.ts'
import type { Database } from '../../kernel/database.ts'
import { idempotencyHeader, once } from '../../kernel/idempotency.ts'
import { actorOf, only } from '../../kernel/principal.ts'
import { Problem } from '../../kernel/problems.ts'
import {
  NewPromotionSchema,
  NewTaxSchema,
  PromotionContentSchema,
  PromotionSchema,
  StatusReportSchema,
  TaxContentSchema,
  TaxSchema,
} from './schemas.ts'

const tags = ['operations']
const staffOnly = ['unauthenticated', 'forbidden'] as const
const withVersion = ['not-found', 'precondition-required', 'version-conflict'] as const

const reportStatus = createRoute({
  method: 'post',
  path: '/operations/flights/{id}/status-events',
  tags,
  summary: 'Report a flight’s status; what a source says twice or late changes nothing',
  ...only('operator', 'manager'),
  request: { headers: idempotencyHeader, params: idParam, body: body(StatusReportSchema) },
  responses: {
    201: json(z.object({ changed: z.boolean() }), 'Taken'),
    ...refusals(...withBody, ...withKey, ...staffOnly, 'not-found'),
  },
})

/** Two kinds of rules have the same four routes; these are what differs. */
const rulesOf = <
  New extends z.ZodType<{ code: string; reason?: string | undefined }>,
  Content extends z.ZodType<{ reason?: string | undefined }>,
  Stored extends z.ZodType<{ version: number }>,
>(
  name: string,
  schemas: { New: New; Content: Content; Stored: Stored },
) => ({
  list: createRoute({
    method: 'get',
    path: `/operations/${name}`,
    tags,
    summary: `All ${name.replaceAll('-', ' ')}`,
    ...only('operator', 'manager'),
    responses: {
      200: json(z.object({ rules: z.array(schemas.Stored) }), 'By code'),
      ...refusals(...staffOnly),
    },
  }),
  register: createRoute({
    method: 'post',
    path: `/operations/${name}`,
    tags,
    summary: `Register one of the ${name.replaceAll('-', ' ')}`,
    ...only('manager'),
    request: { headers: idempotencyHeader, body: body(schemas.New) },
    responses: {
      201: json(schemas.Stored, 'Registered; offers from now on go by it'),
      ...refusals(...withBody, ...withKey, ...staffOnly, 'name-taken'),
    },
  }),
  change: createRoute({
    method: 'put',
    path: `/operations/${name}/{id}`,
    tags,
    summary: `Change one of the ${name.replaceAll('-', ' ')}; offers made before keep theirs`,
    ...only('manager'),
    request: {
      params: idParam,
      headers: z.object({ 'if-match': header({ example: '"v1"' }) }),
      body: body(schemas.Content),
    },
    responses: {
      200: json(schemas.Stored, 'Changed'),
      ...refusals(...withBody, ...staffOnly, ...withVersion),
    },
  }),
})

const taxes = rulesOf('destination-taxes', {
  New: NewTaxSchema,
  Content: TaxContentSchema,
  Stored: TaxSchema,
})
const promotions = rulesOf('promotions', {
  New: NewPromotionSchema,
  Content: PromotionContentSchema,
  Stored: PromotionSchema,
})

type Within = { db: Database }
type Changed = { actor: string; reason: string | null }
type Rules<Content, Stored> = {
  list: (within: Within) => Promise<Stored[]>
  register: (within: Within, code: string, content: Content, by: Changed) => Promise<Stored>
  change: (
    within: Within,
    which: { id: string; version: number },
    content: Content,
    by: Changed,
  ) => Promise<Stored>
}
type Stored<Content> = Content & { id: string; code: string; version: number }
type TaxContent = Omit<z.infer<typeof TaxContentSchema>, 'reason'>
type PromotionContent = Omit<z.infer<typeof PromotionContentSchema>, 'reason'>
type StoredPromotion = Omit<Stored<PromotionContent>, 'valid_from' | 'valid_to'> & {
  valid_from: Date
  valid_to: Date
}

export type Needs = {
  db: Database
  reportStatus: (
    within: Within,
    report: z.infer<typeof StatusReportSchema> & { flight_id: string; reported_by: string },
  ) => Promise<{ changed: boolean }>
  taxes: Rules<TaxContent, Stored<TaxContent>>
  promotions: Rules<PromotionContent, StoredPromotion>
}

export const operationsRoutes = (needs: Needs) =>
  router()
    .route('/', statusRoutes(needs))
    .route('/', taxRoutes(needs))
    .route('/', promotionRoutes(needs))

const statusRoutes = (needs: Needs) =>
  router().openapi(reportStatus, (c) =>
    once(c, needs.db, async (tx) => {
      const flight_id = c.req.valid('param').id
      const reported_by = actorOf(c.var.principal)
      const report = { ...c.req.valid('json'), flight_id, reported_by }
      return { status: 201, body: await needs.reportStatus({ db: tx }, report) }
    }),
  )

const taxRoutes = ({ db, taxes: rules }: Needs) =>
  router()
    .openapi(taxes.list, async (c) => c.json({ rules: await rules.list({ db }) }, 200))
    .openapi(taxes.register, (c) =>
      once(c, db, async (tx) => {
        const { code, reason, ...content } = c.req.valid('json')
        const stored = await rules.register({ db: tx }, code, content, changedBy(c, reason))
        return { status: 201, body: stored, headers: etagOf(stored) }
      }),
    )
    .openapi(taxes.change, async (c) => {
      const { reason, ...content } = c.req.valid('json')
      const stored = await rules.change({ db }, whichOf(c), content, changedBy(c, reason))
      return c.json(stored, 200, etagOf(stored))
    })

const promotionRoutes = ({ db, promotions: rules }: Needs) =>
  router()
    .openapi(promotions.list, async (c) => c.json({ rules: await rules.list({ db }) }, 200))
    .openapi(promotions.register, (c) =>
      once(c, db, async (tx) => {
        const { code, reason, ...content } = c.req.valid('json')
        const stored = await rules.register({ db: tx }, code, content, changedBy(c, reason))
        return { status: 201, body: stored, headers: etagOf(stored) }
      }),
    )
    .openapi(promotions.change, async (c) => {
      const { reason, ...content } = c.req.valid('json')
      const stored = await rules.change({ db }, whichOf(c), content, changedBy(c, reason))
      return c.json(stored, 200, etagOf(stored))
    })

const changedBy = (c: Context<ApiEnv>, reason: string | undefined): Changed => ({
  actor: actorOf(c.var.principal),
  reason: reason ?? null,
})

const etagOf = ({ version }: { version: number }) => ({ ETag: `"v${version}"` })

const whichOf = (c: Context<ApiEnv>) => {
  const match = c.req.header('if-match')
  if (match === undefined) throw new Problem('precondition-required')
  const version = Number(/^"v(\d{1,9})"$/.exec(match)?.[1])
  if (Number.isNaN(version)) throw new Problem('version-conflict', 'If-Match is an ETag like "v3".')
  return { id: c.req.param('id') ?? '', version }
}
