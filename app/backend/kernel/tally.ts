import { Counter } from 'prom-client'
import type { Metric, OpenMetricsContentType, Registry } from 'prom-client'

/** A running sum of one set of labels; whoever adds often keeps it. */
export type Sum = { add(amount: number): void }

type Cell = Sum & { labels: Record<string, string>; value: number; isShown: boolean }

export type Tally = {
  /** The sum for these values, in the order of the labels; it exists from now on. */
  of(...values: string[]): Sum
}

type Settings = {
  name: string
  help: string
  labels: readonly string[]
  registry: Registry<OpenMetricsContentType>
}

/**
 * A counter whose labels turn up as it runs. `rate()` sees nothing of a series that appears with a
 * value: the first error of a route would be lost. So a new series is shown at 0 once, and what it
 * counted meanwhile at the next scrape. Adding is an addition; labels cost at the scrape only.
 */
export const tally = ({ name, help, labels, registry }: Settings): Tally => {
  const cells = new Map<string, Cell>()

  const counter = new Counter({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect: () => {
      counter.reset()
      for (const cell of cells.values()) {
        counter.inc(cell.labels, cell.isShown ? cell.value : 0)
        cell.isShown = true
      }
    },
  })

  const cellOf = (values: string[]): Cell => {
    const key = values.length === 1 ? values[0]! : values.join('\n')
    const known = cells.get(key)
    if (known) return known
    const named = Object.fromEntries(labels.map((label, i) => [label, values[i] ?? '']))
    const cell: Cell = {
      labels: named,
      value: 0,
      isShown: false,
      add: (amount) => {
        cell.value += amount
      },
    }
    cells.set(key, cell)
    return cell
  }

  return { of: (...values) => cellOf(values) }
}

type Exemplar = { labelSet: { trace_id: string }; value: number; timestamp: number }

export type Spread = {
  /** With a trace to find its log lines by, where it is worth it. */
  of(...values: string[]): { observe(value: number, traceId?: string): void }
}

/** A histogram of which the same is true: observing is two additions and a look for the bucket. */
export const spread = ({
  name,
  help,
  labels: names,
  registry,
  buckets,
}: Settings & { buckets: number[] }): Spread => {
  const cells = new Map<string, ReturnType<typeof open>>()
  const bounds = [...buckets, Infinity]

  const open = (values: string[]) => {
    const labels = Object.fromEntries(names.map((label, i) => [label, values[i] ?? '']))
    const exemplars: (Exemplar | undefined)[] = []
    const cell = { labels, counts: bounds.map(() => 0), exemplars, sum: 0, count: 0 }
    const observe = (value: number, traceId?: string) => {
      const at = bounds.findIndex((bound) => value <= bound)
      cell.counts[at] = (cell.counts[at] ?? 0) + 1
      cell.sum += value
      cell.count += 1
      if (traceId !== undefined)
        exemplars[at] = { labelSet: { trace_id: traceId }, value, timestamp: Date.now() / 1000 }
    }
    return { cell, observe }
  }

  const valuesOf = ({
    cell: { labels, counts, exemplars, sum, count },
  }: ReturnType<typeof open>) => {
    let sofar = 0
    const upTo = bounds.map((bound, i) => {
      sofar += counts[i] ?? 0
      const le = bound === Infinity ? '+Inf' : bound
      const exemplar = exemplars[i] ?? null
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: sofar, exemplar }
    })
    return [
      ...upTo,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ]
  }

  const get = async () => ({
    name,
    help,
    type: 'histogram',
    aggregator: 'sum',
    values: [...cells.values()].flatMap(valuesOf),
  })
  registry.registerMetric({ name, help, type: 'histogram', get } as unknown as Metric)

  const of = (...values: string[]) => {
    const key = values.join('\n')
    const cell = cells.get(key) ?? open(values)
    cells.set(key, cell)
    return cell
  }
  if (names.length === 0) of()
  return { of }
}
