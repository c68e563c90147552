type Seen = {
  route: string
  status: number
  milliseconds: number
  isExpected: boolean
  body: Record<string, unknown>
}

export type RouteFigures = {
  route: string
  requests: number
  mean_ms: number
  p50_ms: number
  p95_ms: number
  p99_ms: number
  max_ms: number
  statuses: Record<string, number>
}

export type Tally = ReturnType<typeof createTally>

const SENTENCES_MAX = 10

/** What was answered, by route, and what should not have been. */
export const createTally = () => {
  const byRoute = new Map<string, { times: number[]; statuses: Record<string, number> }>()
  const unexpected: string[] = []
  let wrong = 0

  return {
    add: ({ route, status, milliseconds, isExpected, body }: Seen) => {
      const all = byRoute.get(route) ?? { times: [], statuses: {} }
      byRoute.set(route, all)
      all.times.push(milliseconds)
      all.statuses[status] = (all.statuses[status] ?? 0) + 1
      if (isExpected) return
      wrong += 1
      if (unexpected.length < SENTENCES_MAX)
        unexpected.push(`${route}: ${status || 'no answer'} ${JSON.stringify(body).slice(0, 300)}`)
    },
    figures: () => ({
      unexpected: wrong,
      sentences: unexpected,
      routes: [...byRoute].map(figuresOf).toSorted((a, b) => b.requests - a.requests),
    }),
  }
}

const figuresOf = ([route, { times, statuses }]: [
  string,
  { times: number[]; statuses: Record<string, number> },
]): RouteFigures => {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!)
  return {
    route,
    requests: sorted.length,
    mean_ms: Math.round((sorted.reduce((sum, time) => sum + time, 0) / sorted.length) * 10) / 10,
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    p99_ms: at(0.99),
    max_ms: at(1),
    statuses,
  }
}

export const tableOf = (routes: RouteFigures[]) => {
  const width = Math.max(...routes.map(({ route }) => route.length), 5)
  const head = ['route'.padEnd(width), ...columns.map((name) => name.padStart(8)), '  statuses']
  const rows = routes.map((each) => {
    const figures = columns.map((name) => String(each[name]).padStart(8))
    const statuses = Object.entries(each.statuses).map(([status, count]) => `${status}: ${count}`)
    return [each.route.padEnd(width), ...figures, `  ${statuses.join(', ')}`].join(' ')
  })
  return [head.join(' '), ...rows].join('\n')
}

const columns = ['requests', 'mean_ms', 'p50_ms', 'p95_ms', 'p99_ms', 'max_ms'] as const
