import { PerformanceObserver, constants, performance } from 'node:perf_hooks'
import type { PerformanceEntry } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { collectDefaultMetrics } from 'prom-client'
import { lagAt, stallsSoFar } from './kernel/loop-lag.ts'
import { counted, gauge, registry, tally } from './kernel/metrics.ts'

const collected = tally('nodejs_gc_seconds_total', 'Garbage collection, every entry of it.', 'kind')

const kinds: Record<number, string> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
}

// These say something else than their names: lag with the sampling period in it, the lag of the scrape
// itself, and one collection of each batch.
const misleading =
  /^nodejs_eventloop_lag_(?!seconds_total)|^nodejs_eventloop_lag_seconds$|^nodejs_gc_duration/

/** What the process does to itself: its loop, its memory, its collector. Once a process. */
export const watchRuntime = () => {
  collectDefaultMetrics({ register: registry })
  for (const { name } of registry.getMetricsAsArray())
    if (misleading.test(name)) registry.removeSingleMetric(name)

  for (const kind of Object.values(kinds)) collected.of(kind)
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { duration, detail } = entry as PerformanceEntry & { detail: { kind: number } }
      const { kind } = detail
      collected.of(kinds[kind] ?? 'other').add(duration / 1000)
    }
  }).observe({ entryTypes: ['gc'] })

  const heapLimit = () => getHeapStatistics().heap_size_limit
  gauge('nodejs_heap_limit_bytes', 'What the heap may take; beyond it the process ends.', heapLimit)

  const loop = () => performance.eventLoopUtilization()
  counted(
    'nodejs_eventloop_active_seconds_total',
    'The event loop ran code; over active and idle together, its utilisation.',
    () => loop().active / 1000,
  )
  counted(
    'nodejs_eventloop_cpu_seconds_total',
    'Processor time of the event loop; far below its active time, it is starved or blocked by I/O.',
    () => {
      const { user, system } = process.threadCpuUsage()
      return (user + system) / 1e6
    },
  )
  counted(
    'nodejs_eventloop_idle_seconds_total',
    'The event loop had nothing to do.',
    () => loop().idle / 1000,
  )
  counted(
    'nodejs_eventloop_lag_seconds_total',
    'By how much timers came late.',
    () => lagAt(performance.now()) / 1000,
  )
  counted('nodejs_eventloop_stalls_total', 'The loop stood still for over 100 ms.', stallsSoFar)
}
