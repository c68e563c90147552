import { hc } from 'hono/client'
import type { ClientResponse } from 'hono/client'
import type { App } from '../../backend/app.ts'

/** A refusal of the API as it says it (RFC 9457), or `offline` when nothing answered. */
export type Problem = {
  type: string
  title: string
  detail: string
  status: number
  errors?: { pointer: string; code: string; detail: string }[]
} & Record<string, unknown>

export class Refusal extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }

  /** The last part of the problem's type: 'seat-unavailable', 'offline', … */
  get kind() {
    return this.problem.type.replace('/problems/', '')
  }
}

// The same for everybody: asked without cookies, Nginx may answer it from its cache.
const shared = /^\/api\/(airports|flights(\/days|\/promotion)?)$/

/** Longer than Nginx waits for the API: what takes more is lost on the way. */
const PATIENCE_MS = 25_000

const fetchFrom: typeof fetch = (input, init) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input)
  const patient = { ...init, signal: AbortSignal.timeout(PATIENCE_MS) }
  return fetch(input, shared.test(pathname) ? { ...patient, credentials: 'omit' } : patient)
}

/** Every route of the API with its types: a field that is renamed there breaks the build here. */
export const { api } = hc<App>(location.origin, { fetch: fetchFrom })

type Body<Response> = Response extends ClientResponse<infer Said, number, string> ? Said : never

/** The body of an answer that is not a refusal; a refusal is thrown. */
export const ask = async <Response extends ClientResponse<unknown, number, string>>(
  asking: Promise<Response>,
): Promise<Body<Response>> => {
  const answer = await asking.catch(() => {
    throw offline()
  })
  if (answer.status === 204) return undefined as Body<Response>
  const body: unknown = await answer.json().catch(() => undefined)
  if (answer.ok) return body as Body<Response>
  throw new Refusal((body as Problem | undefined) ?? unclear(answer.status))
}

const offline = () => new Refusal({ type: '/problems/offline', title: '', detail: '', status: 0 })

const unclear = (status: number): Problem => ({
  type: '/problems/dependency-unavailable',
  title: '',
  detail: '',
  status,
})

/** Headers of a request that creates or confirms. Keep the key for as long as the intent is the same. */
export const keyed = (key: string, token?: string) => ({
  headers: { 'Idempotency-Key': key, ...bearer(token) },
})

/** Headers of a guest who has a booking's token; an account's session travels in its cookie. */
export const bearer = (token?: string) => (token ? { Authorization: `Bearer ${token}` } : {})

export const newKey = () => crypto.randomUUID()
