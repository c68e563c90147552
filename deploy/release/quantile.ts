/** Requests that took at most `seconds`, for each bound of a histogram, cumulative; the last is Infinity. */
export type Bucket = { seconds: number; count: number }

/** As Prometheus' histogram_quantile reads it: evenly spread within a bucket. */
export const quantileOf = (quantile: number, buckets: Bucket[]): number | undefined => {
  const sorted = buckets.toSorted((a, b) => a.seconds - b.seconds)
  const rank = quantile * (sorted.at(-1)?.count ?? 0)
  if (rank === 0) return undefined
  const found = sorted.findIndex(({ count }) => count >= rank)
  const [below, bucket] = [sorted[found - 1] ?? { seconds: 0, count: 0 }, sorted[found]!]
  if (bucket.seconds === Infinity) return below.seconds
  const share = (rank - below.count) / (bucket.count - below.count)
  return below.seconds + (bucket.seconds - below.seconds) * share
}

/** How many took longer than so many seconds, evenly spread within a bucket. */
export const countAbove = (seconds: number, buckets: Bucket[]): number => {
  const sorted = buckets.toSorted((a, b) => a.seconds - b.seconds)
  const found = sorted.findIndex((bucket) => bucket.seconds >= seconds)
  const [below, bucket] = [sorted[found - 1] ?? { seconds: 0, count: 0 }, sorted[found]]
  if (!bucket) return 0
  const all = sorted.at(-1)!.count
  if (bucket.seconds === Infinity) return all - below.count
  const share = (seconds - below.seconds) / (bucket.seconds - below.seconds)
  return all - below.count - (bucket.count - below.count) * share
}

/** What came between two readings; undefined when something began anew in between. */
export const between = (first: Bucket[], second: Bucket[]): Bucket[] | undefined => {
  const before = new Map(first.map(({ seconds, count }) => [seconds, count]))
  const more = second.map(({ seconds, count }) => ({
    seconds,
    count: count - (before.get(seconds) ?? 0),
  }))
  return more.every(({ count }) => count >= 0) ? more : undefined
}
