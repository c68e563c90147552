import { createMiddleware } from 'hono/factory'
import type pg from 'pg'
import type { Config } from '../config.ts'
import type { ApiEnv } from '../kernel/api.ts'
import { openPool } from '../kernel/connections.ts'
import { createDatabase } from '../kernel/database.ts'
import type { Database } from '../kernel/database.ts'
import type { Logger } from '../kernel/logger.ts'
import { badRelease } from './bad-release.ts'
import { catalogue, faultNames } from './catalogue.ts'
import type { FaultName } from './catalogue.ts'
import { eventLoopBlock } from './event-loop-block.ts'
import { createHooks } from './fault.ts'
import type { Faults, Hooks, SaleOf, Subjects } from './fault.ts'
import { memoryGrowth } from './memory-growth.ts'
import { missingIndex } from './missing-index.ts'
import { nPlusOne } from './n-plus-one.ts'
import { partner } from './partner.ts'
import { rowLock } from './row-lock.ts'
import { slowLogger } from './slow-logger.ts'
import { smallPool } from './small-pool.ts'
import * as store from './store.ts'
import { createSwitchboard } from './switchboard.ts'

const faultsOn = (subjects: Subjects): Faults => ({
  'missing-index': missingIndex(subjects),
  'n-plus-one': nPlusOne(subjects),
  'small-pool': smallPool(subjects),
  'row-lock': rowLock(subjects),
  'event-loop-block': eventLoopBlock(subjects),
  'memory-growth': memoryGrowth(subjects),
  'slow-partner': partner('slowly')(subjects),
  'failing-partner': partner('badly')(subjects),
  'slow-logger': slowLogger(subjects),
})

type Needs = {
  config: Config
  logger: Logger
  pool: pg.Pool
  db: Database
  logTo: Subjects['logTo']
  enabled: boolean
}

/** Faults with real causes, to see what each looks like: nothing of it without FAULTS_ENABLED. */
export const openFaults = ({ config, logger, pool, db, logTo, enabled }: Needs) => {
  const hooks = createHooks()
  badRelease({ config, hooks, db })
  if (!enabled) {
    return { ...inRequests(hooks), panel: undefined, close: async () => undefined }
  }

  const connectionString = config.DATABASE_URL
  const ownPool = openPool({
    connectionString,
    maxConnections: 1,
    applicationName: 'aeroflash-faults',
  })
  ownPool.on('error', () => undefined)
  const own = createDatabase(ownPool)
  const presence = createPresence(own, ownPool)
  const switchboard = createSwitchboard({
    faults: faultsOn({ config, logger, pool, db, own, hooks, logTo }),
    active: async () => {
      await presence.enter()
      return new Set((await store.activeFaults({ db: own })).map(({ name }) => name))
    },
    leads: presence.leads,
    logger,
  })
  return {
    ...inRequests(hooks),
    panel: createPanel(own, switchboard.look),
    close: async () => {
      await switchboard.close()
      await ownPool.end()
    },
  }
}

export type OpenFaults = ReturnType<typeof openFaults>

const inRequests = ({ onRequest, aroundSale }: Hooks) => ({
  middleware: createMiddleware<ApiEnv>(async function faults(c, next) {
    for (const work of onRequest) await work(c)
    await next()
  }),
  aroundSale:
    (usual: SaleOf): SaleOf =>
    (flights, passengers) => {
      const sale = [...aroundSale].reduce((inner, around) => around(inner), usual)
      return sale(flights, passengers)
    },
})

/** Locks that live as long as the connection: another one has to take them anew. */
const createPresence = (db: Database, pool: pg.Pool) => {
  let isThere = false
  let isLeading = false
  pool.on('remove', () => {
    isThere = false
    isLeading = false
  })
  return {
    enter: async () => {
      if (isThere) return
      await store.enter({ db })
      isThere = true
    },
    leads: async () => {
      if (isLeading) return true
      isLeading = await store.lead({ db })
      // What a leader before this one took and could not give back; what is still on takes it anew.
      if (isLeading) await store.mend({ db })
      return isLeading
    },
  }
}

export type Panel = ReturnType<typeof createPanel>

const createPanel = (db: Database, look: () => Promise<void>) => ({
  list: async () => {
    const active = new Map((await store.activeFaults({ db })).map((fault) => [fault.name, fault]))
    return faultNames.map((name) => ({
      name,
      ...catalogue[name],
      on_until: active.get(name)?.on_until.toISOString() ?? null,
      switched_by: active.get(name)?.switched_by ?? null,
    }))
  },
  switchTo: async (fault: { name: FaultName; minutes: number; by: string }) => {
    // Who has just come looks first: it forgets what was on before.
    await look()
    await store.switchFault({ db }, fault)
    await look()
  },
})
