import type { Logger } from '../kernel/logger.ts'
import type { FaultName } from './catalogue.ts'
import type { Faults, Undo } from './fault.ts'
import { faultNames } from './catalogue.ts'
import { gauge } from '../kernel/metrics.ts'

const TURN_MS = 1_000

const running = new Set<FaultName>()

gauge(
  'aeroflash_operations_fault_active',
  '1 while the fault is on in this process.',
  () => Object.fromEntries(faultNames.map((name) => [name, Number(running.has(name))])),
  'fault',
)

type Needs = {
  faults: Faults
  /** Which are to be on now. */
  active: () => Promise<ReadonlySet<string>>
  /** Whether this process does what is done for all. */
  leads: () => Promise<boolean>
  logger: Logger
}

/** Begins what is switched on and undoes what is switched off, a look a second. */
export const createSwitchboard = ({ faults, active, leads, logger }: Needs) => {
  const undos = new Map<FaultName, Undo>()
  const names = Object.keys(faults) as FaultName[]
  let isClosed = false

  const begin = async (name: FaultName) => {
    undos.set(name, await faults[name].begin())
    running.add(name)
    logger.warn({ fault: name }, 'fault on')
  }
  const undo = async (name: FaultName) => {
    await undos.get(name)?.()
    undos.delete(name)
    running.delete(name)
    logger.warn({ fault: name }, 'fault off')
  }

  const turn = async () => {
    const [on, isLeading] = [await active(), await leads()]
    const isDue = (name: FaultName) => on.has(name) && (faults[name].to === 'process' || isLeading)
    for (const name of names) {
      if (isClosed) return
      if (isDue(name) !== undos.has(name))
        await (isDue(name) ? begin(name) : undo(name)).catch(told)
    }
  }
  // A lock that was not to be had, a partner that does not answer: the next turn tries again.
  const told = (error: unknown) => logger.warn({ err: error }, 'fault not switched yet')

  let turning = Promise.resolve()
  const look = () => (turning = turning.then(turn).catch(told))
  const timer = setInterval(() => void look(), TURN_MS).unref()

  return {
    look,
    close: async () => {
      isClosed = true
      clearInterval(timer)
      await turning
      for (const name of undos.keys()) await undo(name).catch(told)
    },
  }
}
