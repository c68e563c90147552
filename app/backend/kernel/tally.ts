import { Counter } from 'prom-client'
import type { OpenMetricsContentType, Registry } from 'prom-client'

type Cell = { labels: Record<string, string>; value: number; isShown: boolean }

/** A running sum of one set of labels; whoever adds often keeps it. */
export type Sum = { add(amount: number): void }

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
    const key = values.join('\n')
    const known = cells.get(key)
    if (known) return known
    const named = Object.fromEntries(labels.map((label, i) => [label, values[i] ?? '']))
    const cell: Cell = { labels: named, value: 0, isShown: false }
    cells.set(key, cell)
    return cell
  }

  return {
    of: (...values) => {
      const cell = cellOf(values)
      return {
        add: (amount) => {
          cell.value += amount
        },
      }
    },
  }
}
