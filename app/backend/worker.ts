import { readConfig } from './config.ts'
import { closeLedger, openLedger, phases, withLedger } from './kernel/ledger.ts'
import type { Logger } from './kernel/logger.ts'
import { jobPhases, jobRuns, loopSeconds } from './kernel/metrics.ts'
import { endWell, orExplain, portOf, sayReady, serveMetrics } from './process.ts'
import { watchRuntime } from './runtime-metrics.ts'
import { watchPool } from './series.ts'
import { schedulesOf } from './subscriptions.ts'
import type { Schedule } from './subscriptions.ts'
import { openWorld } from './world.ts'

/** Runs it again and again, never twice at once here; a failure is logged and the next turn tries anew. */
const repeat = ({ name, everySeconds, run }: Schedule, logger: Logger, ending: AbortSignal) => {
  const turns = async () => {
    while (!ending.aborted) {
      await account(name, run).catch((error: unknown) =>
        logger.error({ err: error, job: name }, 'job failed'),
      )
      await pause(everySeconds * 1000, ending)
    }
  }
  return turns()
}

/** Runs a job with a ledger of its own: what the worker costs is told as what the API costs. */
const account = async (job: string, run: Schedule['run']) => {
  const ledger = openLedger(`job:${job}`)
  try {
    await withLedger(ledger, run)
    jobRuns.of(job, 'ok').add(1)
  } catch (error) {
    jobRuns.of(job, 'failed').add(1)
    throw error
  } finally {
    closeLedger(ledger)
    loopSeconds.of(ledger.route).add(ledger.ran / 1000)
    for (const phase of phases) jobPhases.of(job, phase).add(ledger.spent[phase] / 1000)
  }
}

const pause = (milliseconds: number, ending: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (ending.aborted) return resolve()
    const timer = setTimeout(done, milliseconds)
    function done() {
      clearTimeout(timer)
      ending.removeEventListener('abort', done)
      resolve()
    }
    ending.addEventListener('abort', done)
  })

const config = orExplain(() => readConfig(process.env))
const world = openWorld(config, 'worker')
const { logger, draining } = world

watchRuntime()
watchPool(world.pool)

const metrics = await serveMetrics(config.METRICS_PORT, config.HOST)
const running = schedulesOf(world).map((schedule) => repeat(schedule, logger, draining.signal))

endWell({
  logger,
  graceSeconds: 12,
  end: async () => {
    draining.abort()
    await Promise.all(running)
    metrics.close()
    await world.close()
  },
})

logger.info({ metrics_port: portOf(metrics), jobs: running.length }, 'worker running')
sayReady({ metrics_port: portOf(metrics) })
