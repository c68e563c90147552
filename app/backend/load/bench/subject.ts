import { randomUUID } from 'node:crypto'
import type { Database } from '../../kernel/database.ts'
import { sql } from '../../kernel/sql.ts'
import { createAccount } from '../../slices/identity/commands/create-account.ts'
import type { Api } from '../stack.ts'
import { openWire } from './wire.ts'
import type { Wire } from './wire.ts'

/** The Authorization header of an account that has signed in. */
export const signIn = async (db: Database, { url }: Api): Promise<string> => {
  const email = `bench-${randomUUID()}@aeroflash.example`
  const password = randomUUID()
  await createAccount({ db }, { email, password, name: 'Bench', role: 'passenger' })
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  const { token } = (await answer.json()) as { token?: string }
  if (!token) throw new Error(`sign-in was answered ${answer.status}`)
  return `Bearer ${token}`
}

/** A connection for each worker, and a way to ask that takes nothing but the status that is due. */
export const openWires = async ({ url }: Api, count: number) => {
  const wires = await Promise.all(Array.from({ length: count }, () => openWire(url)))
  return {
    ask: async (worker: number, request: string, status: number) => {
      const answer = await wires[worker]!.ask(request)
      if (answer.status !== status) throw new Error(`${answer.status}: ${answer.body}`)
      return answer.body
    },
    close: () => wires.forEach((wire: Wire) => wire.close()),
  }
}

/**
 * What autovacuum does within a minute: connections that planned while a table was empty plan again,
 * and those opened later have no advantage.
 */
export const refreshPlans = (db: Database) => db.rows(sql('bench.analyse')`analyze`)

/** Resident memory of the process, in MB. */
export const memoryOf = async (api: Api) =>
  Math.round((await metricOf(api, 'process_resident_memory_bytes')) / 1e6)

export const cpuSecondsOf = (api: Api) => metricOf(api, 'process_cpu_seconds_total')

export const ownCpuSeconds = async () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const metricOf = async ({ metricsUrl }: Api, name: string) => {
  const metrics = await (await fetch(metricsUrl)).text()
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(metrics)![1])
}
