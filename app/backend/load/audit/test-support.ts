import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Database } from '../../kernel/database.ts'
import { sql } from '../../kernel/sql.ts'
import type { Statement } from '../../kernel/sql.ts'
import { adult, child, infant, passengerOf } from '../../test/passenger.ts'
import type { Passenger, Placed } from '../../test/passenger.ts'
import { startTestApi } from '../../test/test-api.ts'
import type { TestApi } from '../../test/test-api.ts'
import { audit } from '../audit.ts'

const withPet = ['pending', 'confirmed', 'cancelled', 'expired'] as const
const withoutPet = ['noticed', 'flown', 'changed'] as const

export type Business = {
  api: TestApi
  booked: Record<(typeof withPet | typeof withoutPet)[number], Placed>
  /** The names of the invariants that these statements break, in a transaction that is rolled back. */
  redAfter(...breaks: Statement[]): Promise<string[]>
}

/** A day's business: bookings of every kind, each of an adult, a child and an infant, some with a pet. */
export const doBusiness = async (): Promise<Business> => {
  const api = await startTestApi()
  const guest = passengerOf(api)
  const [flight] = await guest.search()
  const placed: [string, Placed][] = []
  for (const kind of withPet) placed.push([kind, await bookFamily(guest, flight!.id, 1)])
  for (const kind of withoutPet) placed.push([kind, await bookFamily(guest, flight!.id, 0)])
  const booked = Object.fromEntries(placed) as Business['booked']

  await guest.pay(booked.noticed, 'tok_processing').expect(202)
  for (const kind of ['confirmed', 'cancelled', 'flown', 'changed'] as const)
    await guest.pay(booked[kind]).expect(201)
  await cancel(api, booked.cancelled)
  await expire(api, booked.expired)
  await fly(api, booked.flown)
  await change(api, booked.changed, flight!.id)
  while ((await guest.read(booked.noticed)).status !== 'confirmed') await wait(50)
  return { api, booked, redAfter: (...breaks) => redAfter(api.world.db, breaks) }
}

const party = [adult, child, infant]

const bookFamily = async (guest: Passenger, flightId: string, pets: number) =>
  guest.book(await guest.offer([flightId], party, { pets }))

const as = (api: TestApi, { access_token }: Placed) => passengerOf(api, `Bearer ${access_token}`)

const cancel = async (api: TestApi, placed: Placed) => {
  const owner = as(api, placed)
  const quote = await owner.post(`/api/bookings/${placed.id}/cancellation-quotes`).expect(201)
  await owner.post(`/api/cancellation-quotes/${quote.body.id}/confirm`).expect(200)
  await api.runJob('payments.send_refunds')
}

const expire = async (api: TestApi, { id }: Placed) => {
  await api.world.db.rows(sql('test.overdue')`
    update bookings.bookings set payment_required_by = now() - interval '1 second' where id = ${id}`)
  await api.runJob('bookings.expire')
}

const fly = async (api: TestApi, { id }: Placed) => {
  await api.world.db.rows(sql('test.flown')`
    update bookings.bookings set last_arrival_at = now() - interval '1 second' where id = ${id}`)
  await api.runJob('bookings.complete')
}

const change = async (api: TestApi, placed: Placed, from: string) => {
  const owner = as(api, placed)
  const [to] = await owner.search('BOG', 'MIA')
  const offer = await owner.offer([to!.id], party)
  const asked = { offer_id: offer.id, remove_flight_ids: [from] }
  const quote = await owner.post(`/api/bookings/${placed.id}/change-quotes`, asked).expect(201)
  const method = { type: 'card', token: 'tok_approved' }
  await owner.post(`/api/change-quotes/${quote.body.id}/confirm`, { method }).expect(200)
}

// Constraints and indexes that are dropped come back with the rest.
const redAfter = async (db: Database, breaks: Statement[]) => {
  const rollback = new Error('rollback')
  let red: string[] = []
  const broken = db.transaction(async (tx) => {
    for (const statement of breaks) await tx.rows(statement)
    const findings = await audit(tx)
    red = findings.filter(({ broken }) => broken.length > 0).map(({ name }) => name)
    throw rollback
  })
  await expect(broken).rejects.toBe(rollback)
  return red
}
