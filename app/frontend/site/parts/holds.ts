import { Refusal, api, ask, keyed, newKey } from '../api.ts'
import { changeTrip, readTrip } from '../trip.ts'
import type { Hold } from '../trip.ts'

/** The seats of a trip that are held on the server, and what is done to them. */
export const holdOf = (flight_id: string): Hold | undefined =>
  readTrip().holds.find((hold) => hold.flight_id === flight_id && isAlive(hold))

export const isAlive = ({ expires_at }: Hold) => Date.parse(expires_at) > Date.now()

export const sameSeats = (a: string[], b: string[] = []) =>
  a.length === b.length && a.every((seat) => b.includes(seat))

/** Other seats make another booking: what was on its way to be booked is not it any more. */
const keep = (holds: Hold[]) =>
  changeTrip({ holds, booking_key: undefined, booking: undefined, payment_key: undefined })

const forget = (id: string) => keep(readTrip().holds.filter((hold) => hold.id !== id))

// A request without an answer may have held: asked again with its key, it holds once.
const keys = new Map<string, string>()

const once = async <Answer>(intent: string, ask: (key: string) => Promise<Answer>) => {
  const key = keys.get(intent) ?? newKey()
  keys.set(intent, key)
  try {
    const answer = await ask(key)
    keys.delete(intent)
    return answer
  } catch (error) {
    if (error instanceof Refusal && error.problem.status >= 400 && error.problem.status < 500)
      keys.delete(intent)
    throw error
  }
}

const letGo = async ({ id }: Hold) => {
  await ask(api['seat-holds'][':id'].$delete({ param: { id } }))
  forget(id)
}

/** Exchanges what is held on a flight. Seats in both are let go for a moment: the server holds anew. */
export const swap = async (flight_id: string, seats: string[]) => {
  const old = holdOf(flight_id)
  const overlaps = old?.seats.some((seat) => seats.includes(seat))
  if (old && overlaps) await letGo(old)
  const held = await once(`hold ${flight_id} ${seats.join()}`, (key) =>
    ask(api['seat-holds'].$post({ header: {}, json: { flight_id, seats } }, keyed(key))),
  )
  keep([...readTrip().holds.filter((hold) => hold.flight_id !== flight_id), held])
  // Whether or not this arrives, the passenger has the new seats; the old ones expire by themselves.
  if (old && !overlaps) await letGo(old).catch(() => undefined)
}

export const release = (holds: Hold[]) =>
  Promise.all(
    holds.map((hold) => {
      forget(hold.id)
      return letGo(hold).catch(() => undefined)
    }),
  )

/** Begins the time of every hold anew. */
export const extend = async () => {
  for (const hold of readTrip().holds.filter(isAlive)) {
    const longer = await once(`extend ${hold.id} ${hold.expires_at}`, (key) =>
      ask(
        api['seat-holds'][':id'].extend.$post({ header: {}, param: { id: hold.id } }, keyed(key)),
      ),
    )
    changeTrip({ holds: readTrip().holds.map((known) => (known.id === hold.id ? longer : known)) })
  }
}

/** Drops the holds whose time is over; says whether there were any. */
export const dropExpired = () => {
  const { holds } = readTrip()
  const alive = holds.filter(isAlive)
  if (alive.length < holds.length) keep(alive)
  return alive.length < holds.length
}
