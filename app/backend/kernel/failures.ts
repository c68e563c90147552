import { HTTPException } from 'hono/http-exception'
import type { ErrorHandler } from 'hono'
import type { ApiEnv } from './api.ts'
import { codeOf } from './connections.ts'
import { note } from './ledger.ts'
import type { Logger } from './logger.ts'
import { Problem } from './problems.ts'

/** The one place where what was thrown becomes an answer. */
export const answerFailure =
  (logger: Logger): ErrorHandler<ApiEnv> =>
  (error, c) => {
    const problem = problemOf(error)
    const { request_id } = c.var
    note('problem', problem.slug)
    if (problem.status >= 500) {
      note('err_code', codeOf(error) ?? codeOf(problem.details.cause) ?? error.name)
      logger.error({ err: error, request_id }, 'request failed')
    }
    const retryAfter = problem.details.retryAfterSeconds
    return c.body(JSON.stringify(problem.toBody(request_id)), problem.status, {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
    })
  }

const problemOf = (error: Error): Problem => {
  if (error instanceof Problem) return error
  if (error instanceof HTTPException && error.status === 413)
    return new Problem('payload-too-large')
  if (error instanceof HTTPException && error.status === 415)
    return new Problem('unsupported-media-type')
  if (error instanceof HTTPException && error.status < 500)
    return new Problem('malformed-request', error.message || undefined)
  // What PostgreSQL cannot store as text or as the type asked for came from the caller.
  if ('code' in error && /^22(021|P05|003|007|008|P02)$/.test(String(error.code)))
    return new Problem('validation-failed', 'A value in the request cannot be stored.')
  return new Problem('internal', 'This is our fault, not yours. It has been logged.', {
    cause: error,
  })
}
