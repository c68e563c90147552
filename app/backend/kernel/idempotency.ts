import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import type { Context, TypedResponse } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { routePath } from 'hono/route'
import type { JSONParsed } from 'hono/utils/types'
import { header } from './api.ts'
import type { ApiEnv } from './api.ts'
import type { Database } from './database.ts'
import { actorOf } from './principal.ts'
import { Problem } from './problems.ts'
import { claim, inProgress, keep, lease } from './idempotency-keys.ts'
import type { Answer, Call, Stored } from './idempotency-keys.ts'

export const idempotencyHeader = z.object({
  'idempotency-key': header({
    description: '16 to 255 of A-Z a-z 0-9 _ -, bare or quoted. Kept for 24 hours.',
    example: '5f0e8f0a-8f0c-4b1e-9a55-2d5b8f1c7e11',
  }),
})

/**
 * Does `work` once for a key of this caller on this route: key, effect and answer commit together, so
 * a crash leaves all or nothing. A second caller never waits for the first: it is told to come back.
 * A refusal is not kept, since it had no effect; the same key may try again.
 */
export const once = async <Body, Status extends ContentfulStatusCode>(
  c: Context<ApiEnv>,
  db: Database,
  work: (tx: Database) => Promise<Answer<Body, Status>>,
) => {
  const call = await callOf(c)
  const { answer, replayed } = await db.transaction(async (tx) => {
    const known = answerOf<Body, Status>(await claim(tx, call))
    if (known) return { answer: known, replayed: true }
    const answer = await work(tx)
    await keep(tx, call, answer)
    return { answer, replayed: false }
  })
  return send(c, answer, replayed)
}

type Steps<Body, Status extends ContentfulStatusCode> = {
  /** Writes what is about to be done and says its id; commits before the partner is called. */
  start: (tx: Database) => Promise<string>
  /** Calls the partner, which knows the id too: doing it again after a crash does it once. */
  act: (resourceId: string) => Promise<Answer<Body, Status>>
  /** A refusal that is final for this key and is kept, such as a declined card. */
  isFinal: (problem: Problem) => boolean
}

/** As `once`, for work that calls a partner in the middle: no transaction is open meanwhile. */
export const onceWithPartner = async <Body, Status extends ContentfulStatusCode>(
  c: Context<ApiEnv>,
  db: Database,
  { start, act, isFinal }: Steps<Body, Status>,
) => {
  const call = await callOf(c)
  const begun = await db.transaction(async (tx) => {
    const known = await claim(tx, call)
    const kept = answerOf<Body, Status>(known)
    if (kept) return { kept }
    if (known?.is_leased) throw inProgress()
    const resourceId = known?.resource_id ?? (await start(tx))
    await lease(tx, call, resourceId)
    return { resourceId }
  })
  if (begun.kept) return send(c, begun.kept, true)
  try {
    const answer = await act(begun.resourceId)
    await keep(db, call, answer)
    return send(c, answer, false)
  } catch (error) {
    if (error instanceof Problem && isFinal(error))
      await keep(db, call, { status: error.status, body: error.toBody(c.var.request_id) })
    throw error
  }
}

const answerOf = <Body, Status extends number>(stored: Stored | undefined) =>
  stored && stored.status !== null
    ? ({
        status: stored.status as Status,
        body: stored.body as Body,
        headers: stored.headers ?? {},
      } satisfies Answer<Body, Status>)
    : undefined

const send = <Body, Status extends ContentfulStatusCode>(
  c: Context<ApiEnv>,
  { status, body, headers }: Answer<Body, Status>,
  replayed: boolean,
) => {
  const all = {
    ...headers,
    ...(replayed && { 'Idempotency-Replayed': 'true' }),
    ...(status >= 400 && { 'Content-Type': 'application/problem+json' }),
  }
  return c.json(body, status, all) as unknown as TypedResponse<JSONParsed<Body>, Status, 'json'>
}

/** What identifies the call: who asks what, under which key, with which content. */
const callOf = async (c: Context<ApiEnv>): Promise<Call> => {
  const key = c.req.header('idempotency-key')?.replace(/^"(.*)"$/, '$1')
  if (!key) throw new Problem('idempotency-key-missing')
  if (!/^[A-Za-z0-9_-]{16,255}$/.test(key))
    throw new Problem('idempotency-key-missing', 'The Idempotency-Key is 16 to 255 of A-Za-z0-9_-.')
  const content = `${c.req.path} ${await bodyOf(c)}`
  const who = c.var.principal
  const owner = who.kind === 'guest' ? `guest:${who.booking_id}` : actorOf(who)
  return {
    key,
    scope: `${owner} ${c.req.method} ${routePath(c, -1)}`,
    fingerprint: createHash('sha256').update(content).digest('hex'),
  }
}

// A route that wants no body has not looked at it; too deep to be walked through is not readable either.
const bodyOf = async (c: Context<ApiEnv>): Promise<string> => {
  const text = (await c.req.text()) || 'null'
  try {
    return canonical(JSON.parse(text))
  } catch {
    throw new Problem('malformed-request', 'Malformed JSON in request body')
  }
}

/** JSON with sorted keys: two bodies that mean the same read the same. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
