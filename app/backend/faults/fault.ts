import type { Context } from 'hono'
import type pg from 'pg'
import type { ApiEnv } from '../kernel/api.ts'
import type { Config } from '../config.ts'
import type { Database } from '../kernel/database.ts'
import type { Logger } from '../kernel/logger.ts'
import type { saleOf } from '../compose.ts'
import type { FaultName } from './catalogue.ts'

/** Gives back what a fault took. */
export type Undo = () => void | Promise<void>

export type Fault = {
  /** Done by each process to itself, or by one for all of them to what they share. */
  to: 'process' | 'shared'
  begin: () => Promise<Undo>
}

export type Faults = Record<FaultName, Fault>

export type SaleOf = ReturnType<typeof saleOf>

/** Where a fault gets hold of requests; empty while all is well. */
export type Hooks = {
  /** Part of each request, before its route. */
  onRequest: Set<(c: Context<ApiEnv>) => void | Promise<void>>
  aroundSale: Set<(usual: SaleOf) => SaleOf>
}

export const createHooks = (): Hooks => ({ onRequest: new Set(), aroundSale: new Set() })

export const hooked = <Hook>(hooks: Set<Hook>, hook: Hook): Undo => {
  hooks.add(hook)
  return () => void hooks.delete(hook)
}

/** What faults take hold of. */
export type Subjects = {
  config: Config
  logger: Logger
  /** The pool of the API, and what it asks through it. */
  pool: pg.Pool
  db: Database
  /** A connection of the faults' own, which no fault of the pool reaches. */
  own: Database
  hooks: Hooks
  /** Where log lines go. */
  logTo: { write(line: string): unknown }
}
