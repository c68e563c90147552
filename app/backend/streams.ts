/** When event streams are to end: those that are open, as often as asked; all of them once this process drains. */
export const openStreams = (draining: AbortSignal) => {
  let ending = new AbortController()
  draining.addEventListener('abort', () => ending.abort())
  return {
    /** Aborted when a stream that begins now is to end. */
    ending: () => ending.signal,
    /** Ends those that are open; one that begins later stays. */
    end: () => {
      ending.abort()
      if (!draining.aborted) ending = new AbortController()
    },
  }
}
