/** Streams of events, as far as they end because of this process: all that are open, or with it. */
export type Streams = ReturnType<typeof openStreams>

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
