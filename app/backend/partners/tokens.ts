export type Outcome = {
  /** What the books say at once; null when the request is lost on its way and never recorded. */
  first: 'captured' | 'declined' | 'processing' | null
  /** What a webhook tells later, after so many times the settling time. */
  later?: { status: 'captured' | 'declined'; settlingTimes: number }
  /** Whether the caller is kept waiting until it gives up. */
  withheld?: true
}

/** What becomes of a charge is decided by its token alone: no dice. */
export const outcomes: ReadonlyMap<string, Outcome> = new Map<string, Outcome>([
  ['tok_approved', { first: 'captured' }],
  ['tok_declined', { first: 'declined' }],
  ['tok_processing', { first: 'processing', later: { status: 'captured', settlingTimes: 1 } }],
  [
    'tok_processing_declined',
    { first: 'processing', later: { status: 'declined', settlingTimes: 1 } },
  ],
  [
    'tok_timeout',
    { first: 'captured', later: { status: 'captured', settlingTimes: 2 }, withheld: true },
  ],
  ['tok_lost', { first: null, withheld: true }],
])
