/** What can be switched on: what it really does, and what an operator will see of it. */
export const catalogue = {
  'missing-index': {
    does: 'Drops the index of the seats in hand (seats.units_held); off makes it again as it was.',
    shows:
      'Paying, holding and cancelling are slow in db: statements on seats.units read all of it.',
  },
  'n-plus-one': {
    does: 'The search loads the seats of each flight it found one by one, and who has each.',
    shows: 'The search is slow; one statement is sent hundreds of times in each request.',
  },
  'small-pool': {
    does: 'Leaves each API process a single connection to the database.',
    shows: 'Whatever needs the database waits in pool, and its statements are fast. Needs load.',
  },
  'row-lock': {
    does: 'A transaction locks every seat in hand, stays open for 2.5 s, and begins again.',
    shows: 'Payments are slow in db: they wait for a lock, and its holder is named.',
  },
  'event-loop-block': {
    does: 'Each sign-in hashes its password once more, on the event loop instead of beside it.',
    shows: 'Every route is slow in loop, and the sign-in is named as what blocks it.',
  },
  'memory-growth': {
    does: 'Keeps copies of what it answers, until four fifths of the heap are full, and churns them.',
    shows: 'The collector takes the time of the process, or the heap is full even after it.',
  },
  'slow-partner': {
    does: 'The payment gateway takes 2 s for each answer.',
    shows: 'Payments are slow in external, and payments.charge is named.',
  },
  'failing-partner': {
    does: 'The payment gateway answers 503 to everything.',
    shows: 'Calls to payments.charge fail; bookings stay unpaid ("processing").',
  },
  'slow-logger': {
    does: 'Each log line is written, synced to disk and its file compressed, all on the event loop.',
    shows: 'Every route is slow in loop or app: the process writes log lines.',
  },
} as const satisfies Record<string, { does: string; shows: string }>

export type FaultName = keyof typeof catalogue

export const faultNames = Object.keys(catalogue) as [FaultName, ...FaultName[]]
