import { randomUUID } from 'node:crypto'
import type { Database } from '../../backend/kernel/database.ts'
import { askOffers, createSupply, orderFor } from '../../backend/load/bench/offers.ts'
import { openWires, signIn } from '../../backend/load/bench/subject.ts'
import { requestOf } from '../../backend/load/bench/wire.ts'
import type { Api } from '../../backend/load/stack.ts'
import { timed } from './edge-rounds.ts'
import type { Pace, Side } from './edge-rounds.ts'

/** More than can be booked in a second, one way or the other. */
const BOOKINGS_MAX = 2_000

/** Books offers made before, each once, by the token of an account, and pays for none. */
export const openBookings = async (db: Database, api: Api, { inFlight }: Pace) => {
  const token = await signIn(db, api)
  const offering = await openWires(api, 1)
  const offers = await askOffers(db, token, (request) => offering.ask(0, request, 201))
  offering.close()
  const supply = createSupply(db, offers)

  return (name: string, url: string): Side => ({
    name,
    run: async (seconds) => {
      await supply.haveAtLeast(BOOKINGS_MAX * seconds)
      const wires = await openWires({ ...api, url }, inFlight)
      const book = (worker: number) => {
        const head = { method: 'POST', path: '/api/bookings', token, key: randomUUID() } as const
        return wires.ask(worker, fromAnywhere(requestOf(head, orderFor(supply.take()))), 201)
      }
      return timed(book, seconds, inFlight).finally(wires.close)
    },
  })
}

let passengers = 0

const fromAnywhere = (request: string) => {
  const n = passengers++ % 4096
  return request.replace('\r\n', `\r\nX-Forwarded-For: 10.1.${n >> 8}.${n & 255}\r\n`)
}
