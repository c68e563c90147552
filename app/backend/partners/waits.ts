export type Waits = ReturnType<typeof createWaits>

/** Waits that never keep the process alive, and that all end at once when they are stopped. */
export const createWaits = () => {
  const stopping = new AbortController()
  // Not listeners of the signal: thousands wait under load, and it walks its list for each.
  const waiting = new Set<(passed: boolean) => void>()

  /** Resolves to true when the time has passed, to false when the wait was stopped. */
  const pause = (milliseconds: number) =>
    new Promise<boolean>((resolve) => {
      const end = (passed: boolean) => {
        clearTimeout(timer)
        waiting.delete(end)
        resolve(passed)
      }
      const timer = setTimeout(end, milliseconds, true).unref()
      waiting.add(end)
      if (stopping.signal.aborted) end(false)
    })

  const stop = () => {
    stopping.abort()
    for (const end of waiting) end(false)
  }

  return { pause, stop, stopped: stopping.signal }
}
