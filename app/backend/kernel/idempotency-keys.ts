import type { Database } from './database.ts'
import { Problem } from './problems.ts'
import { sql } from './sql.ts'

export type Answer<Body, Status extends number> = {
  status: Status
  body: Body
  headers?: Record<string, string>
}

/** What identifies a call: who asks what, under which key, with which content. */
export type Call = { scope: string; key: string; fingerprint: string }

export type Stored = {
  fingerprint: string
  status: number | null
  headers: Record<string, string> | null
  body: unknown
  resource_id: string | null
  is_leased: boolean
}

/** Longer than a partner may take to answer: until then another request of the key is told to wait. */
const LEASE_SECONDS = 30

// The lock answers at once where an INSERT … ON CONFLICT would wait for the other transaction. Should
// the other commit between our snapshot and our lock, our own insert below meets its key and fails.
/** What is kept for the key, if anything; refuses when the key is another's or its call is under way. */
export const claim = async (tx: Database, { scope, key, fingerprint }: Call) => {
  const { mine, ...stored } = await tx.oneRow<{ mine: boolean } & (Stored | { fingerprint: null })>(
    sql('idempotency.claim')`
      select claim.mine, k.fingerprint, k.status, k.headers, k.body, k.resource_id,
             coalesce(k.leased_until > now(), false) as is_leased
        from (select pg_try_advisory_xact_lock(hashtextextended(${scope} || ' ' || ${key}, 0)) as mine) claim
        left join idempotency.keys k on k.scope = ${scope} and k.key = ${key} and k.expires_at > now()`,
  )
  if (stored.fingerprint === null) {
    if (!mine) throw inProgress()
    return undefined
  }
  if (stored.fingerprint !== fingerprint) throw new Problem('idempotency-key-reused')
  if (stored.status === null && !mine) throw inProgress()
  return stored
}

/** Notes what a call is about to work on, before a partner is called. */
export const lease = async (
  tx: Database,
  { scope, key, fingerprint }: Call,
  resourceId: string,
) => {
  const leased = await tx.maybeRow(sql('idempotency.lease')`
    insert into idempotency.keys as k (scope, key, fingerprint, resource_id, leased_until)
    values (${scope}, ${key}, ${fingerprint}, ${resourceId},
            now() + ${LEASE_SECONDS} * interval '1 second')
        on conflict (scope, key) do update
       set fingerprint = excluded.fingerprint, resource_id = excluded.resource_id,
           leased_until = excluded.leased_until, expires_at = excluded.expires_at,
           status = null, headers = null, body = null
     where k.expires_at <= now() or (k.status is null and k.leased_until <= now())
 returning key`)
  if (!leased) throw inProgress()
}

/** Keeps the answer for whoever asks again. */
export const keep = async (
  tx: Database,
  { scope, key, fingerprint }: Call,
  { status, body, headers = {} }: Answer<unknown, number>,
) => {
  const kept = await tx.maybeRow(sql('idempotency.keep')`
    insert into idempotency.keys as k (scope, key, fingerprint, status, headers, body)
    values (${scope}, ${key}, ${fingerprint}, ${status}, ${JSON.stringify(headers)}, ${JSON.stringify(body)})
        on conflict (scope, key) do update
       set fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers,
           body = excluded.body, leased_until = null, expires_at = excluded.expires_at
     where k.expires_at <= now() or k.status is null
 returning key`)
  if (!kept) throw inProgress()
}

export const inProgress = () =>
  new Problem('request-in-progress', undefined, { retryAfterSeconds: 1 })
