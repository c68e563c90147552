import { setTimeout as wait } from 'node:timers/promises'
import { buy } from '../../app/backend/load/rush/buyer.ts'
import type { Answer, Request } from '../../app/backend/load/rush/asking.ts'

const PATIENCE_SECONDS = 120
/** Between two purchases of a customer: without it a fast machine sells all there is within two minutes. */
const PAUSE_MS = 500

/** Customers who buy one seat after another through Nginx, each from an address of his own, until told to stop. */
export const openShop = async (siteUrl: string, customers: number) => {
  const flights = await findFlights(siteUrl)
  const sold: string[] = []
  const odd: string[] = []
  const answered: number[] = []
  let open = true
  let again = 0
  let people = 0

  const serve = async () => {
    while (open) {
      const number = people++
      const address = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
      const ask = async (request: Request) => {
        const answer = await untilAnswered(siteUrl, address, request, () => (again += 1))
        answered.push(Date.now())
        return answer
      }
      const flightId = flights[number % flights.length]!
      const ending = await buy({ flightId, ask, paysAnew: () => undefined }).catch(
        ({ message }: Error) => ({ how: 'odd' as const, what: message }),
      )
      if (ending.how === 'sold') sold.push(flightId)
      if (ending.how === 'odd') odd.push(ending.what)
      await wait(PAUSE_MS)
    }
  }
  const serving = Promise.all(Array.from({ length: customers }, serve))
  return {
    sold,
    odd,
    /** How often something had to be asked again, because no definite answer came. */
    again: () => again,
    /** The longest that nobody got any answer at all, in seconds, since then. */
    silenceSince: (time: number) => {
      const times = [time, ...answered.filter((at) => at > time), Date.now()]
      return Math.max(...times.slice(1).map((at, index) => at - times[index]!)) / 1000
    },
    close: async () => {
      open = false
      await serving
    },
  }
}

const untilAnswered = async (
  siteUrl: string,
  address: string,
  request: Request,
  onAgain: () => void,
) => {
  const until = Date.now() + PATIENCE_SECONDS * 1000
  while (Date.now() < until) {
    const answer = await ask(siteUrl, address, request)
    const isDefinite =
      answer && answer.status !== 503 && answer.body.type !== '/problems/request-in-progress'
    if (isDefinite) return answer
    onAgain()
    await wait(250)
  }
  throw new Error(`${request.path}: no definite answer within ${PATIENCE_SECONDS} seconds`)
}

const ask = async (
  siteUrl: string,
  address: string,
  { method, path, key, token, body }: Request,
): Promise<Answer | undefined> => {
  try {
    const response = await fetch(siteUrl + path, {
      method,
      headers: {
        'X-Forwarded-For': address,
        ...(body && { 'Content-Type': 'application/json' }),
        ...(key && { 'Idempotency-Key': key }),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  } catch {
    return undefined
  }
}

/** Flights of ten days that have room for all the customers there may be. */
export const findFlights = async (siteUrl: string) => {
  const days = Array.from({ length: 10 }, (_, day) =>
    new Date(Date.now() + (day + 5) * 86_400_000).toISOString().slice(0, 10),
  )
  const found = await Promise.all(
    days.map(async (day) => {
      const query = `origin=BOG&destination=ADZ&departure_date=${day}`
      const answer = await fetch(`${siteUrl}/api/flights?${query}`)
      return (await answer.json()) as { flights: { id: string; seats_left: number }[] }
    }),
  )
  return found.flatMap(({ flights }) =>
    flights.filter((flight) => flight.seats_left > 100).map(({ id }) => id),
  )
}
