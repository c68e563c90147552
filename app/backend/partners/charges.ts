import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { problem } from './problems.ts'
import { outcomes } from './tokens.ts'
import type { Outcome } from './tokens.ts'
import type { Waits } from './waits.ts'

export type Charge = {
  id: string
  status: 'captured' | 'declined' | 'processing' | 'cancelled'
  /** In minor units of the currency. */
  amount: number
  currency: string
  decline_code: string | null
  created_at: string
  updated_at: string
}

export type ChargeOrder = z.infer<typeof chargeOrder>
export const chargeOrder = z.strictObject({
  amount: z.int().positive(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters'),
  token: z.string().min(1).max(100),
  description: z.string().max(500).optional(),
})

export type Charges = ReturnType<typeof createCharges>
type Needs = {
  settleAfterMs: number
  waits: Waits
  announce: (charge: Charge) => void
  log: (line: object) => void
}
type Entry = { charge: Charge; order: ChargeOrder | null }
type Placed = { charge: Charge | null; created: boolean; withheld: boolean }

/** The gateway's books: every charge it was ever asked for, by the caller's id. */
export const createCharges = ({ settleAfterMs, waits, announce, log }: Needs) => {
  const entries = new Map<string, Entry>()

  const keep = (entry: Entry): Charge => {
    entries.set(entry.charge.id, entry)
    log({ msg: 'charge', charge_id: entry.charge.id, status: entry.charge.status })
    return entry.charge
  }

  const settle = async (id: string, { status, settlingTimes }: NonNullable<Outcome['later']>) => {
    if (!(await waits.pause(settleAfterMs * settlingTimes))) return
    const entry = entries.get(id)
    if (!entry || entry.charge.status === 'cancelled') return
    announce(entry.charge.status === status ? entry.charge : keep(moved(entry, status)))
  }

  const place = (id: string, order: ChargeOrder): Placed => {
    const known = entries.get(id)
    if (known) return { charge: replay(known, order), created: false, withheld: false }

    const outcome = outcomes.get(order.token)
    if (!outcome) throw problem(422, 'unknown-token', 'No card answers to that token.')
    const { first, later, withheld = false } = outcome
    if (first === null) return { charge: null, created: false, withheld }

    const charge = keep({ charge: newCharge(id, order, first), order })
    if (later) void settle(id, later)
    return { charge, created: true, withheld }
  }

  const find = (id: string): Charge => {
    const entry = entries.get(id)
    if (!entry) throw problem(404, 'no-such-charge', 'There is no charge by that id.')
    return entry.charge
  }

  const cancel = (id: string): Charge => {
    const entry = entries.get(id)
    if (!entry) return keep({ charge: newCharge(id, NOTHING, 'cancelled'), order: null })
    return entry.charge.status === 'processing' ? keep(moved(entry, 'cancelled')) : entry.charge
  }

  return { place, find, cancel, list: () => [...entries.values()].map(({ charge }) => charge) }
}

// A tombstone stands for a charge nobody ordered; ISO 4217 keeps XXX for "no currency".
const NOTHING = { amount: 0, currency: 'XXX' }

const replay = ({ charge, order }: Entry, again: ChargeOrder): Charge => {
  if (charge.status === 'cancelled')
    throw problem(409, 'charge-cancelled', 'That charge was cancelled and will never be made.')
  if (!isDeepStrictEqual(order, again))
    throw problem(422, 'charge-mismatch', 'That id belongs to a charge with another body.')
  return charge
}

const newCharge = (
  id: string,
  { amount, currency }: Pick<Charge, 'amount' | 'currency'>,
  status: Charge['status'],
): Charge => {
  const now = new Date().toISOString()
  const decline_code = declineCode(status)
  return { id, status, amount, currency, decline_code, created_at: now, updated_at: now }
}

const moved = ({ charge, order }: Entry, status: Charge['status']): Entry => {
  const updated_at = new Date().toISOString()
  return { charge: { ...charge, status, decline_code: declineCode(status), updated_at }, order }
}

const declineCode = (status: Charge['status']) =>
  status === 'declined' ? 'insufficient_funds' : null
