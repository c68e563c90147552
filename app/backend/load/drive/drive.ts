import { setTimeout as wait } from 'node:timers/promises'
import type { Journey, Shop } from '../profiles/shop.ts'
import { openShop } from '../profiles/shop.ts'
import { createAddresses } from './addresses.ts'
import { arrivals, createChance } from './arrivals.ts'
import type { Burst } from './arrivals.ts'
import { createClients } from './client.ts'
import { createTally } from './tally.ts'
import type { RouteFigures } from './tally.ts'

export type Drive = {
  /** Looked up at each request: processes may come and go. */
  urls: () => string[]
  journey: Journey
  /** Passengers a second. */
  rate: number
  seconds: number
  burst?: Burst | undefined
  seed: number
  /** From an earlier drive; else it is looked up. */
  shop?: Shop | undefined
  /** Seconds that a passenger thinks between two clicks, on average. */
  thinkSeconds?: number
  signal?: AbortSignal
}

export type Driven = {
  passengers: number
  /** Came while so many were being served that this driver had no room for them: its figures are void. */
  turnedAway: number
  seconds: number
  requests: number
  requests_per_second: number
  unexpected: number
  sentences: string[]
  routes: RouteFigures[]
}

/** Passengers at once, and in all: a driver that forgets to stop is a fault of its own. */
const AT_ONCE_MAX = 400
const PASSENGERS_MAX = 200_000

export const withShop = async (urls: () => string[]) => {
  const tally = createTally()
  const clients = createClients({ urls, tally })
  const addresses = await createAddresses(urls()[0]!)
  const shop = await openShop(clients.clientAt(addresses.next())).finally(clients.close)
  const { sentences } = tally.figures()
  if (sentences.length > 0) throw new Error(`Cannot begin. ${sentences.join(' ')}`)
  return shop
}

/** Lets passengers come and go about their business, and says how it went. */
export const drive = async (order: Drive): Promise<Driven> => {
  const { urls, journey, seconds, rate, burst, seed, thinkSeconds = 0.5, signal } = order
  if (rate * seconds * (burst?.factor ?? 1) > PASSENGERS_MAX)
    throw new Error(`More than ${PASSENGERS_MAX} passengers: a smaller --rate or --seconds.`)
  const chance = createChance(seed)
  const shop = order.shop ?? (await withShop(urls))
  const addresses = await createAddresses(urls()[0]!)
  const tally = createTally()
  const clients = createClients({ urls, tally })
  const present = new Set<Promise<void>>()
  let turnedAway = 0
  let passengers = 0

  const serve = () => {
    const own = createChance(chance() * 2 ** 32)
    const address = addresses.next()
    const think = () => wait(-Math.log(1 - own()) * thinkSeconds * 1000)
    const passenger = {
      client: clients.clientAt(address),
      chance: own,
      shop,
      think,
      maySignIn: () => addresses.maySignIn(address),
    }
    const stay = journey(passenger).finally(() => present.delete(stay))
    present.add(stay)
  }

  const from = performance.now()
  for (const at of arrivals({ rate, seconds, burst }, chance)) {
    const pause = at * 1000 - (performance.now() - from)
    if (pause > 1) await wait(pause, undefined, { signal }).catch(() => undefined)
    if (signal?.aborted) break
    passengers += 1
    if (present.size < AT_ONCE_MAX) serve()
    else turnedAway += 1
  }
  await Promise.all(present)
  clients.close()
  const took = (performance.now() - from) / 1000
  const figures = tally.figures()
  const requests = figures.routes.reduce((sum, route) => sum + route.requests, 0)
  return {
    passengers,
    turnedAway,
    seconds: Math.round(took * 10) / 10,
    requests,
    requests_per_second: Math.round((requests / took) * 10) / 10,
    ...figures,
  }
}
