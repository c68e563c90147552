import { randomBytes } from 'node:crypto'
import type { Chance } from '../drive/arrivals.ts'
import type { Client } from '../drive/client.ts'
import network from '../../data/network.json' with { type: 'json' }

export type Account = { email: string; password: string; token: string }

/** What the passengers of a run have in common: what is on sale, and who has an account. */
export type Shop = {
  searches: { origin: string; destination: string; departure_date: string }[]
  accounts: Account[]
}

/** Somebody who has come. */
export type Passenger = {
  client: Client
  chance: Chance
  shop: Shop
  /** Thinks, for about so long; nobody clicks as fast as a machine answers. */
  think: () => Promise<void>
  /** Whether the limit for one address lets them sign in now. */
  maySignIn: () => boolean
}

export type Journey = (passenger: Passenger) => Promise<void>

export const oneOf = <Thing>(things: readonly Thing[], chance: Chance): Thing =>
  things[Math.floor(chance() * things.length)]!

const ACCOUNTS = 5
const ROUTES = 12
const DAY_MS = 86_400_000
/** From the day after tomorrow, so that nothing closes meanwhile. */
const FIRST_DAY = 2

const dayIn = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)

/** Looks at what is on sale, and registers a handful of accounts. */
export const openShop = async (client: Client): Promise<Shop> => {
  const pairs = [...new Set(network.map(({ origin, destination }) => `${origin}-${destination}`))]
  const searches: Shop['searches'] = []
  for (const pair of pairs.slice(0, ROUTES)) {
    const [origin = '', destination = ''] = pair.split('-')
    const asked = { origin, destination, from: dayIn(FIRST_DAY), to: dayIn(FIRST_DAY + 14) }
    const { body } = await client.ask({
      route: 'GET /api/flights/days',
      path: `/api/flights/days?${new URLSearchParams(asked).toString()}`,
      expect: [200],
    })
    for (const { departure_date } of (body.days ?? []) as { departure_date: string }[])
      searches.push({ origin, destination, departure_date })
  }
  if (searches.length === 0) throw new Error('Nothing is on sale there.')
  const accounts: Account[] = []
  while (accounts.length < ACCOUNTS) {
    const account = await register(client)
    if (!account) break
    accounts.push(account)
  }
  return { searches, accounts }
}

const register = async (client: Client): Promise<Account | undefined> => {
  const email = `load-${randomBytes(6).toString('hex')}@aeroflash.example`
  const password = randomBytes(12).toString('hex')
  const { status, body } = await client.ask({
    route: 'POST /api/auth/sign-up/email',
    body: { email, password, name: 'Load Driver' },
    // Only so many from one address in a minute; a run that follows another makes do with fewer.
    expect: [201, 429],
  })
  return status === 201 ? { email, password, token: body.token as string } : undefined
}
