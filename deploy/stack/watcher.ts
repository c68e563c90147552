import { setTimeout as wait } from 'node:timers/promises'

/** A page that shows a flight's status: reads its events, and opens them anew when they end, as browsers do. */
export const watchStatus = (siteUrl: string, flightId: string) => {
  const leaving = new AbortController()
  const seen = { opened: 0, endedWell: 0, cut: [] as string[], refused: [] as number[] }
  const watch = async () => {
    while (!leaving.signal.aborted) {
      const url = `${siteUrl}/api/flights/${flightId}/status/events`
      const answer = await fetch(url, { signal: leaving.signal })
      if (!answer.ok || !answer.body) seen.refused.push(answer.status)
      seen.opened += 1
      for await (const part of answer.body ?? []) void part
      seen.endedWell += 1
      await wait(200)
    }
  }
  const watching = watch().catch((error: Error) => {
    const { cause } = error
    if (!leaving.signal.aborted)
      seen.cut.push(cause instanceof Error ? cause.message : error.message)
  })
  return {
    seen,
    leave: async () => {
      leaving.abort()
      await watching
    },
  }
}
