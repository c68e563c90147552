/**
 * Every way a request can be refused. `type` on the wire is `/problems/<slug>` and never changes its
 * meaning; the title is a sentence for a person. RFC 9457.
 */
export const problemTypes = {
  'malformed-request': { status: 400, title: 'The request cannot be read.' },
  'idempotency-key-missing': {
    status: 400,
    title: 'This request needs an Idempotency-Key header.',
  },
  unauthenticated: { status: 401, title: 'Sign in first.' },
  'payment-declined': { status: 402, title: 'The payment was declined.' },
  forbidden: { status: 403, title: 'Your role does not allow this.' },
  'not-found': { status: 404, title: 'There is nothing here.' },
  'method-not-allowed': { status: 405, title: 'This is not done by that method.' },
  'seat-unavailable': { status: 409, title: 'One of those seats has just been taken.' },
  'sold-out': { status: 409, title: 'There are not enough seats left on this flight.' },
  'capacity-pets': { status: 409, title: 'There is no pet place left on this flight.' },
  'capacity-infants': { status: 409, title: 'There is no place left for a lap infant.' },
  'flight-closed': { status: 409, title: 'This flight can no longer be booked.' },
  'offer-used': { status: 409, title: 'This offer has been booked already.' },
  'price-changed': { status: 409, title: 'The price is not the one you confirmed.' },
  'booking-state-conflict': { status: 409, title: 'The booking is no longer in a state for this.' },
  'quote-superseded': { status: 409, title: 'This quote is no longer the current one.' },
  'payment-pending': { status: 409, title: 'A payment for this booking is still being settled.' },
  'refund-exceeds-captured': { status: 409, title: 'A refund cannot exceed what was paid.' },
  'not-refundable': { status: 409, title: 'There is nothing to refund.' },
  'request-in-progress': { status: 409, title: 'A request with this key is still being answered.' },
  'name-taken': { status: 409, title: 'Something by that name exists already.' },
  'code-expired': { status: 410, title: 'This code is wrong or has expired.' },
  'offer-expired': { status: 410, title: 'This offer has expired.' },
  'hold-expired': { status: 410, title: 'The hold on the seats has expired.' },
  'quote-expired': { status: 410, title: 'This quote has expired.' },
  'version-conflict': { status: 412, title: 'Somebody has changed this since you read it.' },
  'payload-too-large': { status: 413, title: 'The request is too large.' },
  'unsupported-media-type': { status: 415, title: 'Send JSON (Content-Type: application/json).' },
  'validation-failed': { status: 422, title: 'Something in the request is not right.' },
  'idempotency-key-reused': { status: 422, title: 'This key was used for another request.' },
  'infant-without-adult': { status: 422, title: 'Each infant travels on the lap of an adult.' },
  'precondition-required': { status: 428, title: 'Send If-Match with the version you read.' },
  'rate-limited': { status: 429, title: 'Too many attempts; wait a little.' },
  internal: { status: 500, title: 'Something broke on our side.' },
  'dependency-unavailable': { status: 503, title: 'Something we need is not answering.' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemSlug = keyof typeof problemTypes

type Details = {
  /** Extension members, shown as they are: which units, which fields, what to do next. */
  members?: Record<string, unknown>
  retryAfterSeconds?: number
  cause?: unknown
}

/** An answer that the caller can act on. Anything else that is thrown is a bug and a 500. */
export class Problem extends Error {
  readonly slug: ProblemSlug
  readonly details: Details

  constructor(slug: ProblemSlug, detail?: string, details: Details = {}) {
    super(detail ?? problemTypes[slug].title, { cause: details.cause })
    this.slug = slug
    this.details = details
  }

  get status() {
    return problemTypes[this.slug].status
  }

  /** The body, as application/problem+json. */
  toBody(requestId: string) {
    const { status, title } = problemTypes[this.slug]
    const members = this.details.members
    return {
      type: `/problems/${this.slug}`,
      title,
      status,
      detail: this.message,
      request_id: requestId,
      ...members,
    }
  }
}

export type FieldError = { pointer: string; code: string; detail: string }

/** A refusal that points at fields: by JSON Pointer into the body, `query/name` or `param/name`. */
export const invalid = (...errors: FieldError[]) =>
  new Problem('validation-failed', errors.map(({ detail }) => detail).join(' '), {
    members: { errors },
  })
